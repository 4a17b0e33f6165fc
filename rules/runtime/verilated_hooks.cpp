#include "rules/runtime/verilated_hooks.h"

#include <cctype>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

namespace rules_sv {
namespace {

// Isolated sources end like this; their line maps differ in the last part alone.
constexpr char kIsolated[] = ".unit.sv";

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// What stands before a path in a message.
constexpr char kDelimiters[] = " \t\n'\"(";

bool is_delimiter(char c) { return std::strchr(kDelimiters, c) != nullptr && c != '\0'; }

struct LineMap {
  std::vector<std::string> files;
  std::map<unsigned long, std::pair<std::size_t, unsigned long>> lines;  // isolated line: file, line
};

class LineMaps {
 public:
  void set(const char* const* paths, std::size_t count) {
    const std::lock_guard<std::mutex> lock(mutex_);
    paths_.assign(paths, paths + count);
    maps_.clear();
  }

  // "a/b.unit.sv:12" inside `text` becomes the user's file and line.
  std::string translate(const std::string& text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::string out;
    std::size_t done = 0;
    const std::string mark = std::string(kIsolated) + ":";
    for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
      std::size_t end = at + mark.size();
      while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
      const Unit unit = find(text, at);
      if (unit.map == nullptr || unit.begin < done || end == at + mark.size()) continue;
      const std::string place = position(*unit.map, std::strtoul(text.c_str() + at + mark.size(), nullptr, 10));
      if (place.empty()) continue;
      out += text.substr(done, unit.begin - done) + place;
      done = end;
    }
    return out + text.substr(done);
  }

 private:
  struct Unit {
    std::size_t begin = 0;             // where its isolated source's path begins in a text
    const std::string* map = nullptr;  // its line map's path
  };

  // The unit whose isolated source's path ends at `at`, without its ending: a path from the
  // execution root, or the file's name alone, as assertions print it. Paths may hold spaces, so
  // known ones are looked for; of those that match, the longest is meant.
  Unit find(const std::string& text, std::size_t at) const {
    const std::string before = text.substr(0, at);
    Unit unit;
    Unit copy;
    std::size_t longest = 0;
    std::size_t copies = 0;
    for (const std::string& map : paths_) {
      std::string path = map.substr(0, map.rfind(".unit.map"));
      if (path.rfind("../", 0) == 0) path = "external/" + path.substr(3);
      std::size_t begin = 0;
      std::size_t size = path.size();
      if (ends_with(before, path) && (size == at || before[at - size - 1] == '/' || is_delimiter(before[at - size - 1]))) {
        // The folder of the configuration stands before it, which holds no delimiters.
        begin = before.find_last_of(kDelimiters, at - size) + 1;
        if (begin > at - size) begin = at - size;
      } else {
        size = path.size() - (path.rfind('/') + 1);
        if (!ends_with(before, path.substr(path.size() - size))) continue;
        begin = at - size;
        if (begin != 0 && before[begin - 1] == '/') {
          // A copy beside the other sources of a model: its folder says nothing.
          ++copies;
          copy = Unit{before.find_last_of(kDelimiters, begin) + 1, &map};
          continue;
        }
        if (begin != 0 && !is_delimiter(before[begin - 1])) continue;
      }
      if (size < longest) continue;
      // Two units of one name: no place is better than a wrong one.
      unit = size > longest ? Unit{begin, &map} : Unit{};
      longest = size;
    }
    return longest == 0 && copies == 1 ? copy : unit;
  }

  // The user's file and line; empty where the map does not say.
  std::string position(const std::string& map, unsigned long line) {
    const LineMap& lines = load(map);
    auto run = lines.lines.upper_bound(line);
    if (run == lines.lines.begin()) return "";
    --run;
    if (run->second.first >= lines.files.size()) return "";
    return lines.files[run->second.first] + ":" + std::to_string(run->second.second);
  }

  // The format is hdl_py/sv/linemap.py's: records F (file number, path) and L (isolated line,
  // file number, line, columns).
  const LineMap& load(const std::string& path) {
    const auto found = maps_.find(path);
    if (found != maps_.end()) return found->second;
    LineMap& lines = maps_[path];
    std::ifstream in(path);
    std::string record;
    while (std::getline(in, record)) {
      std::istringstream fields(record);
      std::string kind;
      std::size_t number = 0;
      fields >> kind;
      if (kind == "F" && fields >> number && number == lines.files.size()) {
        fields.get();
        std::string file;
        std::getline(fields, file);
        lines.files.push_back(file);
      } else if (kind == "L") {
        unsigned long isolated = 0;
        unsigned long line = 0;
        if (fields >> isolated >> number >> line) lines.lines[isolated] = {number, line};
      }
    }
    return lines;
  }

  std::mutex mutex_;
  std::vector<std::string> paths_;
  std::map<std::string, LineMap> maps_;
};

LineMaps& line_maps() {
  static LineMaps* const maps = new LineMaps;  // messages may come while the program ends
  return *maps;
}

}  // namespace

void set_line_maps(const char* const* paths, std::size_t count) { line_maps().set(paths, count); }

std::string with_user_places(const std::string& text) {
  return text.find(kIsolated) == std::string::npos ? text : line_maps().translate(text);
}

std::string coverage_with_user_places(const std::string& record) {
  // A point is a list of keys and values: \1f\2 the file, \1l\2 the line.
  const auto value = [&record](const char* key, std::size_t& begin, std::size_t& size) {
    begin = record.find(key);
    if (begin == std::string::npos) return false;
    begin += std::strlen(key);
    size = record.find_first_of("\1'", begin) - begin;
    return true;
  };
  std::size_t file = 0, file_size = 0, line = 0, line_size = 0;
  if (!value("\1f\2", file, file_size) || !value("\1l\2", line, line_size) || file > line) return record;
  const std::string place = with_user_places(record.substr(file, file_size) + ":" + record.substr(line, line_size));
  const std::size_t colon = place.rfind(':');
  return record.substr(0, file) + place.substr(0, colon) + record.substr(file + file_size, line - file - file_size) +
         place.substr(colon + 1) + record.substr(line + line_size);
}

}  // namespace rules_sv

extern "C" int rules_sv_printf(const char* format, ...) {
  va_list args;
  va_start(args, format);
  va_list again;
  va_copy(again, args);
  char buffer[1024];
  const int size = std::vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  if (size < 0) {
    va_end(again);
    return size;
  }
  std::string text(buffer, static_cast<std::size_t>(size) < sizeof buffer ? static_cast<std::size_t>(size) : 0);
  if (text.empty() && size > 0) {
    text.resize(static_cast<std::size_t>(size) + 1);
    std::vsnprintf(text.data(), text.size(), format, again);
    text.resize(static_cast<std::size_t>(size));
  }
  va_end(again);
  text = rules_sv::with_user_places(text);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return size;
}
