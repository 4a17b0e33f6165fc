#include "verilated_ffi.h"

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <sstream>

#include "verilated_cov.h"
#define VFFI_WITH_SAVE
#include "verilated_ffi_model.h"

namespace {

vffi::Thread& this_thread() {
  static thread_local vffi::Thread thread;
  return thread;
}

VffiInstance* current() {
  // Other code on this thread may have taken the context since.
  VffiInstance* const self = this_thread().current;
  return self != nullptr && Verilated::threadContextp() == &self->context() ? self : nullptr;
}

const char* text(const char* maybe) { return maybe != nullptr ? maybe : ""; }

// "[time] %Error: FILE:LINE: rest" and the like: what follows the severity, or npos.
std::size_t after_severity(const std::string& line) {
  if (line.empty() || line[0] != '[') return std::string::npos;
  const std::size_t close = line.find("] ");
  if (close == std::string::npos) return close;
  for (const char* const severity : {"%Error: ", "%Fatal: ", "%Warning: ", "-Info: "}) {
    if (line.compare(close + 2, std::strlen(severity), severity) == 0) return close + 2 + std::strlen(severity);
  }
  return std::string::npos;
}

struct PrintedPlace {
  std::string file;
  int line = 0;
  std::size_t end = 0;  // of "FILE:LINE: "
};

// The "FILE:LINE: " at `begin`, which may be npos.
bool parse_place(const std::string& printed, std::size_t begin, PrintedPlace& out) {
  if (begin == std::string::npos) return false;
  const std::size_t end = printed.find(": ", begin);
  const std::size_t colon = end == std::string::npos || end == 0 ? std::string::npos : printed.rfind(':', end - 1);
  if (colon == std::string::npos || colon <= begin) return false;
  out.file = printed.substr(begin, colon - begin);
  out.line = std::atoi(printed.c_str() + colon + 1);
  out.end = end + 2;
  return out.line > 0;
}

// Whether `printed` is `path`, or its last part.
bool same_file(const std::string& path, const std::string& printed) {
  if (path == printed) return true;
  const std::size_t slash = path.rfind('/');
  return slash != std::string::npos && path.compare(slash + 1, std::string::npos, printed) == 0;
}

// Whether both are the isolated text of one unit, whose name tells it apart in any folder: what a model
// is verilated from may be a copy beside the other sources.
bool same_unit(const std::string& path, const std::string& other) {
  const auto name = [](const std::string& text) { return text.substr(text.rfind('/') + 1); };
  static const std::string kEnd = ".unit.sv";
  const std::string file = name(path);
  return file == name(other) && file.size() > kEnd.size() &&
         file.compare(file.size() - kEnd.size(), std::string::npos, kEnd) == 0;
}

// One line map, parsed when the first message needs it.
struct Place {
  std::string file;
  std::uint32_t line;
};

bool look_up(const char* map, std::uint32_t line, Place& out) {
  std::vector<std::string> files;
  bool found = false;
  std::size_t file = 0;
  for (const char* at = map; at != nullptr && *at != '\0';) {
    const char* const end = std::strchr(at, '\n');
    const std::string record(at, end != nullptr ? static_cast<std::size_t>(end - at) : std::strlen(at));
    at = end != nullptr ? end + 1 : nullptr;
    unsigned first = 0;
    unsigned number = 0;
    unsigned origin = 0;
    int begin = 0;
    if (std::sscanf(record.c_str(), "F %u %n", &number, &begin) == 1 && begin > 0) {
      if (number >= files.size()) files.resize(number + 1);
      files[number] = record.substr(static_cast<std::size_t>(begin));
    } else if (std::sscanf(record.c_str(), "L %u %u %u", &first, &number, &origin) == 3) {
      if (first > line) break;
      found = true;
      file = number;
      out.line = origin;
    }
  }
  if (!found || file >= files.size()) return false;
  out.file = files[file];
  return true;
}

}  // namespace

VffiInstance::VffiInstance(const VffiConfig& config, const char* crate, unsigned threads, std::uint32_t features,
                           const vffi::LineMap* maps, std::size_t maps_size)
    : thread_(&this_thread()),
      half_period(config.half_period),
      coverage(text(config.coverage)),
      print_(config.print),
      print_user_(config.print_user),
      maps_(maps),
      maps_size_(maps_size),
      pins_(std::string(crate) + "_pins."),
      timing_((features & VFFI_TIMING) != 0) {
  if (timing_) slow |= vffi::kTiming;
  {
    const std::unique_lock<std::mutex> lock = context_lock();
    context_ = std::make_unique<VerilatedContext>();
    thread_->current = this;
  }
  context_->fatalOnError(false);
  context_->threads(threads);
  context_->useNumaAssign(false);
  if ((features & (VFFI_TRACE_VCD | VFFI_TRACE_FST)) != 0) context_->traceEverOn(true);
  if (config.seed >= 0) context_->randSeed(static_cast<int>(config.seed));
  if (config.random_reset >= 0) context_->randReset(config.random_reset);
  if (config.error_limit > 0) context_->errorLimit(config.error_limit);
  context_->assertOn(config.assertions != 0);
  std::vector<const char*> args = {crate};
  args.insert(args.end(), config.args, config.args + config.args_size);
  try {
    context_->commandArgs(static_cast<int>(args.size()), args.data());
  } catch (...) {
    caught();  // reported by build(), which nothing else would make fail
  }
}

VffiInstance::~VffiInstance() { free_context(); }

std::unique_lock<std::mutex> VffiInstance::context_lock() {
  static std::mutex mutex;
  return std::unique_lock<std::mutex>(mutex);
}

void VffiInstance::free_context() {
  if (!context_) return;
  const std::unique_lock<std::mutex> lock = context_lock();
  if (thread_->current == this) thread_->current = nullptr;
  if (Verilated::threadContextp() == context_.get()) Verilated::threadContextp(nullptr);
  context_.reset();
}

void VffiInstance::enter_slow() {
  const std::unique_lock<std::mutex> lock = context_lock();
  Verilated::threadContextp(context_.get());
  thread_->current = this;
}

void VffiInstance::update_status() {
  if (dead_) {
    status = VFFI_DEAD;
  } else if (!reports_.empty()) {
    status = VFFI_REPORT;
  } else {
    status = finished_ ? VFFI_FINISHED : VFFI_RUNNING;
  }
  if (finished_ || dead_) {
    slow |= vffi::kOver;
  } else {
    slow &= ~std::uint32_t{vffi::kOver};
  }
  if (panicked_) status = VFFI_PANIC;
}

std::uint32_t VffiInstance::settle() {
  const std::uint32_t found = status;
  if (panicked_) {
    panicked_ = false;
    update_status();
  }
  return found;
}

void VffiInstance::clear_reports() {
  if (!dead_) reports_.clear();
  update_status();
}

void VffiInstance::set_finished(bool finished) {
  finished_ = finished;
  update_status();
}

void VffiInstance::locate(const char* file, int line, vffi::Report& report) const {
  report.file = file;
  report.line = line > 0 ? static_cast<std::uint32_t>(line) : 0;
  Place place{};
  for (std::size_t i = 0; i < maps_size_; ++i) {
    const bool same = same_file(maps_[i].source, report.file) || same_unit(maps_[i].source, report.file);
    if (same && look_up(maps_[i].text, report.line, place)) {
      report.file = place.file;
      report.line = place.line;
      return;
    }
  }
}

void VffiInstance::add_report(std::uint32_t kind, const std::string& message, const char* file, int line,
                              const std::string& scope) {
  vffi::Report report{};
  report.kind = kind;
  report.scope = scope;
  // The module around a top with inouts is not the user's.
  const std::size_t pins = report.scope.find(pins_);
  if (pins != std::string::npos) report.scope.erase(pins, pins_.size());
  report.message = message;
  locate(file, line, report);
  reports_.push_back(std::move(report));
  update_status();
}

void VffiInstance::on_finish(const char* file, int line) {
  context_->gotFinish(true);
  if (!finished_) locate(file, line, finished_at_);
  set_finished(true);
}

void VffiInstance::on_stop(const char* file, int line, bool maybe) {
  context_->errorCountInc();
  // $error and $fatal print right before; the text is the only place where the message is.
  const std::string printed = std::move(severity_);
  severity_.clear();
  if (maybe && context_->errorCount() < context_->errorLimit()) return;
  std::uint32_t kind = maybe ? VFFI_KIND_STOP : VFFI_KIND_FATAL;
  std::string scope;
  std::string message;
  PrintedPlace place;
  if (parse_place(printed, after_severity(printed), place)) {
    message = printed.substr(place.end);
    while (!message.empty() && message.back() == '\n') message.pop_back();
    const std::string mark = "Assertion failed in ";
    if (message.compare(0, mark.size(), mark) == 0) {
      const std::size_t colon = message.find(": ", mark.size());
      scope = message.substr(mark.size(), colon == std::string::npos ? colon : colon - mark.size());
      message = colon == std::string::npos ? "" : message.substr(colon + 2);
    }
    if (maybe) kind = VFFI_KIND_ERROR;
    // What Verilator writes for an assertion that has no action of its own.
    if (maybe && message == "'assert' failed.") kind = VFFI_KIND_ASSERTION;
  }
  if (!maybe) {
    context_->gotError(true);
    context_->gotFinish(true);
    dead_ = true;
  }
  // Where the statement begins, if that was printed: it may be lines before its call. What is
  // printed has the file without its folder.
  add_report(kind, message, file, place.line > 0 && same_file(file, place.file) ? place.line : line, scope);
}

void VffiInstance::on_fatal(const char* file, int line, const char* scope, const char* message) {
  static const char kDiverged[] = "DIDNOTCONVERGE: ";
  const bool diverged = std::strncmp(message, kDiverged, sizeof kDiverged - 1) == 0;
  context_->gotError(true);
  context_->gotFinish(true);
  dead_ = true;
  if (diverged) message += sizeof kDiverged - 1;
  add_report(diverged ? std::uint32_t{VFFI_KIND_NOT_CONVERGED} : fatal_kind, message, file, line, scope);
  // An exception can't leave a coroutine. Where Verilator goes on after a fatal error, let it; it
  // does not after these two.
  const bool can_return = timing_ && !diverged && fatal_kind == VFFI_KIND_RUNTIME &&
                          std::strstr(message, "Null pointer") == nullptr &&
                          std::strstr(message, "overflows what") == nullptr;
  if (can_return) return;
  unwound_ = true;
  throw vffi::Unwind{};
}

void VffiInstance::on_print(const std::string& printed) {
  const std::size_t begin = after_severity(printed);
  const bool stops = begin != std::string::npos && (printed.compare(begin - 8, 8, "%Error: ") == 0 ||
                                                    printed.compare(begin - 8, 8, "%Fatal: ") == 0);
  severity_ = stops ? printed : "";
  std::string out = printed;
  PrintedPlace place;
  if (maps_size_ != 0 && parse_place(printed, begin, place)) {
    // FILE:LINE follows the severity; show the user's own.
    vffi::Report report{};
    locate(place.file.c_str(), place.line, report);
    out = printed.substr(0, begin) + report.file + ":" + std::to_string(report.line) + ": " + printed.substr(place.end);
  }
  if (print_ == nullptr) {
    std::fwrite(out.data(), 1, out.size(), stdout);
  } else if (!panicked_ && print_(print_user_, out.data(), out.size()) != 0) {
    panicked_ = true;
    update_status();
  }
}

void VffiInstance::caught() {
  unwound_ = true;
  dead_ = true;
  try {
    throw;
  } catch (const vffi::Unwind&) {
  } catch (const std::exception& e) {
    add_report(VFFI_KIND_EXCEPTION, std::string("a C++ exception left the model: ") + e.what());
  } catch (...) {
    add_report(VFFI_KIND_EXCEPTION, "an unknown C++ exception left the model");
  }
  update_status();
}

namespace vffi {

bool can_write(VffiInstance* self, std::uint32_t kind, const char* path) {
  std::FILE* const file = std::fopen(path, "ab");
  if (file != nullptr) {
    std::fclose(file);
    return true;
  }
  self->add_report(kind, std::string("can't write ") + path + ": " + std::strerror(errno));
  return false;
}

// Verilator separates a record's keys by \1 and a key from its value by \2.
std::string field(const std::string& record, char key, std::size_t& begin) {
  const std::string mark = {'\1', key, '\2'};
  const std::size_t at = record.find(mark);
  if (at == std::string::npos) return "";
  begin = at + mark.size();
  return record.substr(begin, record.find_first_of("\1'", begin) - begin);
}

void write_coverage(VffiInstance* self, const std::string& path) {
  self->context().coveragep()->write(path);
  if (!self->has_maps()) return;
  // Tools that read coverage want the user's own files.
  std::ifstream in(path);
  std::ostringstream out;
  for (std::string record; std::getline(in, record);) {
    std::size_t file_at = 0;
    std::size_t line_at = 0;
    const std::string file = field(record, 'f', file_at);
    const std::string line = field(record, 'l', line_at);
    Report report{};
    if (!file.empty() && !line.empty()) {
      self->locate(file.c_str(), std::atoi(line.c_str()), report);
      // The later one first, so that the earlier one's place holds.
      const bool line_later = line_at > file_at;
      if (line_later) record.replace(line_at, line.size(), std::to_string(report.line));
      record.replace(file_at, file.size(), report.file);
      if (!line_later) record.replace(line_at, line.size(), std::to_string(report.line));
    }
    out << record << '\n';
  }
  in.close();
  std::ofstream(path) << out.str();
}

const char* string_get(const void* port, std::size_t* size) {
  const std::string& value = *static_cast<const std::string*>(port);
  *size = value.size();
  return value.data();
}

void string_set(void* port, const char* data, std::size_t size) {
  static_cast<std::string*>(port)->assign(data, size);
}

std::size_t report_count(const VffiInstance* self) { return self->reports().size(); }

static void fill(const Report& report, VffiReport* out) {
  out->kind = report.kind;
  out->line = report.line;
  out->file = report.file.c_str();
  out->scope = report.scope.c_str();
  out->message = report.message.c_str();
}

void get_report(const VffiInstance* self, std::size_t index, VffiReport* out) { fill(self->reports()[index], out); }

void get_finished(const VffiInstance* self, VffiReport* out) { fill(self->finished_at(), out); }

static Report& kept_error() {
  static thread_local Report report;
  return report;
}

void keep_error(const VffiInstance& self, VffiReport* out) {
  kept_error() = self.reports().empty() ? Report{VFFI_KIND_CREATE, 0, "", "", "unknown"} : self.reports().front();
  fill(kept_error(), out);
}

void keep_error(const char* message, VffiReport* out) {
  kept_error() = Report{VFFI_KIND_CREATE, 0, "", "", message};
  fill(kept_error(), out);
}

MemorySave::MemorySave(std::vector<std::uint8_t>& out) : out_(out) {
  m_isOpen = true;
  m_filename = "snapshot";
  header();
}

MemorySave::~MemorySave() = default;

void MemorySave::close() {
  if (!m_isOpen) return;
  trailer();
  flush();
  m_isOpen = false;
}

void MemorySave::flush() {
  out_.insert(out_.end(), m_bufp, m_cp);
  m_cp = m_bufp;
}

MemoryRestore::MemoryRestore(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {
  m_isOpen = true;
  m_filename = "snapshot";
  m_cp = m_bufp;
  m_endp = m_bufp;
  header();
}

MemoryRestore::~MemoryRestore() = default;

void MemoryRestore::close() {
  if (!m_isOpen) return;
  trailer();
  m_isOpen = false;
}

void MemoryRestore::fill() {
  // Keep what is unread at the buffer's begin, then add what fits; zeros follow the end, so that a
  // short snapshot fails the trailer's check.
  const std::size_t unread = static_cast<std::size_t>(m_endp - m_cp);
  std::memmove(m_bufp, m_cp, unread);
  const std::size_t room = bufferSize() - unread;
  const std::size_t taken = left_ < room ? left_ : room;
  std::memcpy(m_bufp + unread, data_, taken);
  std::memset(m_bufp + unread + taken, 0, room - taken);
  data_ += taken;
  left_ -= taken;
  m_cp = m_bufp;
  m_endp = m_bufp + bufferSize();
}

}  // namespace vffi

// Verilator's points of extension, declared in verilated_funcs.h.

void vl_finish(const char* file, int line, const char* /*hier*/) VL_MT_UNSAFE {
  if (VffiInstance* const self = current()) {
    self->on_finish(text(file), line);
  } else {
    Verilated::threadContextp()->gotFinish(true);
  }
}

void vl_stop(const char* file, int line, const char* hier) VL_MT_UNSAFE { vl_stop_maybe(file, line, hier, false); }

void vl_stop_maybe(const char* file, int line, const char* hier, bool maybe) VL_MT_UNSAFE {
  if (VffiInstance* const self = current()) {
    self->on_stop(text(file), line, maybe);
  } else {
    vl_fatal(file, line, hier, "Verilog $stop");
  }
}

void vl_fatal(const char* file, int line, const char* hier, const char* message) VL_MT_UNSAFE {
  if (VffiInstance* const self = current()) {
    self->on_fatal(text(file), line, text(hier), text(message));
    return;
  }
  std::fprintf(stderr, "%%Error: %s:%d: %s\n", text(file), line, text(message));
  std::abort();
}

void vl_warn(const char* file, int line, const char* /*hier*/, const char* message) VL_MT_UNSAFE {
  verilated_ffi_printf("%%Warning: %s:%d: %s\n", text(file), line, text(message));
}

extern "C" int verilated_ffi_printf(const char* format, ...) {
  va_list args;
  va_start(args, format);
  va_list again;
  va_copy(again, args);
  const int size = std::vsnprintf(nullptr, 0, format, args);
  va_end(args);
  if (size > 0) {
    std::string printed(static_cast<std::size_t>(size) + 1, '\0');
    std::vsnprintf(&printed[0], printed.size(), format, again);
    printed.pop_back();
    if (VffiInstance* const self = current()) {
      self->on_print(printed);
    } else {
      std::fwrite(printed.data(), 1, printed.size(), stdout);
    }
  }
  va_end(again);
  return size;
}
