// What stands between a model that Verilator generated and the C ABI: contexts,
// exceptions, reports, clocks, traces, snapshots. A crate's wrapper.cpp
// instantiates ModelOf with a struct that says where the ports are. Only Verilator's public API is used.
#ifndef VERILATED_FFI_MODEL_H_
#define VERILATED_FFI_MODEL_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "verilated.h"
#include "verilated_ffi.h"
#include "verilated_ffi_lines.h"

#ifdef VFFI_WITH_SAVE
#include "verilated_save.h"
#endif

namespace vffi {

struct Clock {
  std::uint8_t* port;
  std::uint8_t active;  // level after the edge that counts
};

// Thrown by vl_fatal to leave an evaluation that can't go on; caught in guard().
struct Unwind {};

struct Report {
  std::uint32_t kind;
  std::uint32_t line;
  std::string file;
  std::string scope;
  std::string message;
};

// What a thread knows of instances; each thread has one, for as long as the program runs.
struct Thread {
  VffiInstance* current = nullptr;  // whose context is Verilated::threadContextp()
};

enum Slow : std::uint32_t {
  kFirst = 1,   // not evaluated yet: initial blocks come first
  kTrace = 2,   // a waveform is open
  kTiming = 4,  // delays may need running between clock edges
  kOver = 8,    // finished or dead: nothing runs any more
};

}  // namespace vffi

// Everything about an instance that does not depend on the model's class.
struct VffiInstance {
 public:
  explicit VffiInstance(const VffiConfig& config, const char* crate, unsigned threads, std::uint32_t features,
                        const vffi::LineMap* maps, std::size_t maps_size);
  virtual ~VffiInstance();
  VffiInstance(const VffiInstance&) = delete;
  VffiInstance& operator=(const VffiInstance&) = delete;

  // Called by the hooks, on the thread that evaluates.
  void on_finish(const char* file, int line);
  void on_stop(const char* file, int line, bool maybe);
  void on_fatal(const char* file, int line, const char* scope, const char* message);
  void on_print(const std::string& text);
  void add_report(std::uint32_t kind, const std::string& message, const char* file = "", int line = 0,
                  const std::string& scope = "");

  // Makes this instance's context the thread's: $finish and $time go to the thread's context.
  // An instance stays on the thread that made it, so its own pointer to the thread's record is as
  // good as a thread-local variable, and faster.
  void enter() {
    if (VL_UNLIKELY(thread_->current != this)) enter_slow();
  }
  // Orders writes to what Verilator shares between the threads: its note of the last context.
  static std::unique_lock<std::mutex> context_lock();
  // To be called in a catch block: turns the exception into a report. The model is dead then.
  void caught();
  // What to return after a call; not for the fast path.
  std::uint32_t settle();
  void clear_reports();

  VerilatedContext& context() { return *context_; }
  // Whether nothing may run any more; reports alone don't stop a model.
  bool over() const { return (slow & vffi::kOver) != 0; }
  // Whether an exception left the model in an unknown state.
  bool unwound() const { return unwound_; }
  void set_finished(bool finished);
  // The user's file and line of a place in what Verilator read.
  void locate(const char* file, int line, vffi::Report& report) const;
  bool has_maps() const { return maps_size_ != 0; }
  const std::vector<vffi::Report>& reports() const { return reports_; }
  const vffi::Report& finished_at() const { return finished_at_; }

  std::uint32_t status = VFFI_RUNNING;  // VffiStatus; what the hooks saw
  std::uint32_t slow = vffi::kFirst;    // vffi::Slow

 private:
  vffi::Thread* const thread_;

 public:
  std::uint64_t half_period;
  std::uint32_t fatal_kind = VFFI_KIND_CREATE;  // what a vl_fatal means at this point
  std::string coverage;
  std::vector<std::uint8_t> snapshot;

 protected:
  // The context may only go after the model; the model's owner calls this last.
  void free_context();

 private:
  void enter_slow();
  void update_status();

  std::unique_ptr<VerilatedContext> context_;
  VffiPrint print_;
  void* print_user_;
  const vffi::LineMap* maps_;
  std::size_t maps_size_;
  const std::string pins_;  // of scopes: the module around the top
  std::vector<vffi::Report> reports_;
  vffi::Report finished_at_{};
  std::string severity_;  // the last line that $error and its like printed
  bool finished_ = false;
  bool dead_ = false;
  bool panicked_ = false;
  bool unwound_ = false;
  const bool timing_;
};

namespace vffi {

// Runs `body` with C++ exceptions turned into reports.
template <class Body>
std::uint32_t guard(VffiInstance* self, std::uint32_t fatal_kind, const Body& body) {
  self->enter();
  self->fatal_kind = fatal_kind;
  try {
    body();
  } catch (...) {
    self->caught();
  }
  self->fatal_kind = VFFI_KIND_RUNTIME;
  return self->settle();
}

// Whether a file can be written; reports why not.
bool can_write(VffiInstance* self, std::uint32_t kind, const char* path);
void write_coverage(VffiInstance* self, const std::string& path);

const char* string_get(const void* port, std::size_t* size);
void string_set(void* port, const char* data, std::size_t size);
std::size_t report_count(const VffiInstance* self);
void get_report(const VffiInstance* self, std::size_t index, VffiReport* out);
void get_finished(const VffiInstance* self, VffiReport* out);
void keep_error(const VffiInstance& self, VffiReport* out);
void keep_error(const char* message, VffiReport* out);

#ifdef VFFI_WITH_SAVE
// A snapshot in memory: Verilator's serialisation with its buffer emptied into a vector.
class MemorySave final : public VerilatedSerialize {
 public:
  explicit MemorySave(std::vector<std::uint8_t>& out);
  ~MemorySave() override;
  void close() override;
  void flush() override;

 private:
  std::vector<std::uint8_t>& out_;
};

class MemoryRestore final : public VerilatedDeserialize {
 public:
  MemoryRestore(const std::uint8_t* data, std::size_t size);
  ~MemoryRestore() override;
  void close() override;
  void fill() override;

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};
#endif

// Trace for a model without one.
struct NoTrace {};

// An instance of the model class `Model`. `Crate` says where the ports are:
//   static constexpr std::uint32_t kFeatures; static constexpr unsigned kThreads;
//   static constexpr const char* kCrate;
//   static void bind(Model&, void** slots);
//   static std::vector<Clock> clocks(Model&);
//   static const LineMap* line_maps(std::size_t* size);
template <class Crate, class Model, class Trace = NoTrace>
class ModelOf final : public VffiInstance {
  using Self = ModelOf;

 public:
  ModelOf(const VffiConfig& config, const LineMap* maps, std::size_t maps_size)
      : VffiInstance(config, Crate::kCrate, Crate::kThreads, Crate::kFeatures, maps, maps_size) {}

  ~ModelOf() override {
    finish(this);
    trace_.reset();
    model_.reset();
    free_context();
  }

  void build(const VffiConfig& config) {
    enter();
    const char* const scope = config.scope != nullptr ? config.scope : "";
    {
      // The model's tables take the thread's context too.
      const std::unique_lock<std::mutex> lock = context_lock();
      model_.emplace(&context(), scope);
    }
    if (config.time_precision <= 0) context().timeprecision(config.time_precision);
    clocks_ = Crate::clocks(*model_);
    for (const Clock& clock : clocks_) *clock.port = static_cast<std::uint8_t>(!clock.active);
    if (!clocks_.empty()) first_clock_ = clocks_.front();
    fatal_kind = VFFI_KIND_RUNTIME;
  }

  static VffiInstance* create(const VffiConfig* config, VffiReport* error) noexcept {
    std::unique_ptr<ModelOf> self;
    try {
      std::size_t maps_size = 0;
      const LineMap* const maps = Crate::line_maps(&maps_size);
      self = std::make_unique<ModelOf>(*config, maps, maps_size);
    } catch (const std::exception& e) {
      keep_error(e.what(), error);
      return nullptr;
    } catch (...) {
      keep_error("an unknown C++ exception", error);
      return nullptr;
    }
    try {
      if (!self->over()) self->build(*config);
    } catch (...) {
      self->caught();
    }
    if (!self->over()) return self.release();
    keep_error(*self, error);
    return nullptr;
  }

  static void destroy(VffiInstance* base) { delete base; }

  static void ports(VffiInstance* base, void** out) { Crate::bind(*static_cast<Self*>(base)->model_, out); }

  static std::uint32_t eval(VffiInstance* base) noexcept {
    Self* const self = static_cast<Self*>(base);
    if (VL_UNLIKELY(self->slow != 0)) return self->eval_slow();
    self->enter();
    try {
      self->model_->eval();
    } catch (...) {
      self->caught();
    }
    return VL_LIKELY(self->status == VFFI_RUNNING) ? std::uint32_t{VFFI_RUNNING} : self->settle();
  }

  // One cycle of the first clock.
  static std::uint32_t tick_once(VffiInstance* base) noexcept {
    Self* const self = static_cast<Self*>(base);
    if (VL_UNLIKELY(self->slow != 0)) {
      std::uint64_t done = 0;
      return self->tick_slow(1, 1, &done);
    }
    self->enter();
    try {
      const Clock clock = self->first_clock_;
      self->context().timeInc(self->half_period);
      *clock.port = clock.active;
      self->model_->eval();
      if (VL_UNLIKELY(self->over())) return self->settle();
      self->context().timeInc(self->half_period);
      *clock.port = static_cast<std::uint8_t>(!clock.active);
      self->model_->eval();
    } catch (...) {
      self->caught();
    }
    return VL_LIKELY(self->status == VFFI_RUNNING) ? std::uint32_t{VFFI_RUNNING} : self->settle();
  }

  static std::uint32_t tick(VffiInstance* base, std::uint64_t mask, std::uint64_t n, std::uint64_t* done) noexcept {
    Self* const self = static_cast<Self*>(base);
    *done = 0;
    // One clock and nothing else to do between the edges.
    if (VL_UNLIKELY(self->slow != 0 || (mask & (mask - 1)) != 0)) return self->tick_slow(mask, n, done);
    self->enter();
    const Clock clock = self->clocks_[index_of(mask)];
    const std::uint8_t idle = static_cast<std::uint8_t>(!clock.active);
    Model* const model = &*self->model_;
    VerilatedContext& context = self->context();
    const std::uint64_t half = self->half_period;
    try {
      for (std::uint64_t i = 0; i < n; ++i) {
        context.timeInc(half);
        *clock.port = clock.active;
        model->eval();
        if (VL_UNLIKELY(self->over())) break;
        context.timeInc(half);
        *clock.port = idle;
        model->eval();
        *done = i + 1;
        if (VL_UNLIKELY(self->status != VFFI_RUNNING)) break;
      }
    } catch (...) {
      self->caught();
    }
    return VL_LIKELY(self->status == VFFI_RUNNING) ? std::uint32_t{VFFI_RUNNING} : self->settle();
  }

  static std::uint32_t advance(VffiInstance* base, std::uint64_t delta) noexcept {
    Self* const self = static_cast<Self*>(base);
    if ((self->slow & kOver) != 0) return self->settle();
    return guard(self, VFFI_KIND_RUNTIME, [&] {
      const std::uint64_t end = self->context().time() + delta;
      if constexpr (kTimed) {
        if ((self->slow & kFirst) != 0) self->eval_once();
        self->run_delays(end + 1);
      }
      if (!self->over()) self->set_time(end);
    });
  }

  static std::uint32_t finish(VffiInstance* base) noexcept {
    Self* const self = static_cast<Self*>(base);
    if (self->done_ || !self->model_) return self->settle();
    self->done_ = true;
    guard(self, VFFI_KIND_RUNTIME, [&] {
      if ((self->slow & kFirst) == 0 && !self->unwound()) self->model_->final();
    });
    guard(self, VFFI_KIND_COVERAGE, [&] { self->write_coverage_to(self->coverage); });
    trace_close(self);
    self->set_finished(true);
    return self->settle();
  }

  static std::uint64_t time(const VffiInstance* base) { return const_cast<VffiInstance*>(base)->context().time(); }
  static std::int32_t time_precision(const VffiInstance* base) {
    return const_cast<VffiInstance*>(base)->context().timeprecision();
  }
  static void set_half_period(VffiInstance* base, std::uint64_t half) { base->half_period = half; }
  static std::int32_t error_count(const VffiInstance* base) {
    return const_cast<VffiInstance*>(base)->context().errorCount();
  }

  static std::uint8_t next_event(VffiInstance* base, std::uint64_t* time) {
    Self* const self = static_cast<Self*>(base);
    if constexpr (kTimed) {
      if ((self->slow & kOver) == 0 && self->model_->eventsPending()) {
        *time = self->model_->nextTimeSlot();
        return 1;
      }
    }
    (void)self;
    *time = 0;
    return 0;
  }

  static std::uint32_t trace_open(VffiInstance* base, const char* path, std::int32_t levels) noexcept {
    Self* const self = static_cast<Self*>(base);
    return guard(self, VFFI_KIND_TRACE, [&] {
      if constexpr (kTraced) {
        if (self->trace_) {
          self->add_report(VFFI_KIND_TRACE, "a waveform is being written already; close it first");
          return;
        }
        if (!can_write(self, VFFI_KIND_TRACE, path)) return;
        auto trace = std::make_unique<Trace>();
        self->model_->trace(trace.get(), levels > 0 ? levels : 99);
        trace->open(path);
        self->trace_ = std::move(trace);
        self->slow |= kTrace;
        self->shown_ = 0;
        self->unshown_ = (self->slow & kFirst) == 0;
      } else {
        (void)path;
        (void)levels;
        self->add_report(VFFI_KIND_UNSUPPORTED, "the crate was built without waveforms");
      }
    });
  }

  static std::uint32_t trace_flush(VffiInstance* base) noexcept {
    Self* const self = static_cast<Self*>(base);
    return guard(self, VFFI_KIND_TRACE, [&] {
      if constexpr (kTraced) {
        self->show();
        if (self->trace_) self->trace_->flush();
      }
    });
  }

  static std::uint32_t trace_close(VffiInstance* base) noexcept {
    Self* const self = static_cast<Self*>(base);
    return guard(self, VFFI_KIND_TRACE, [&] {
      if constexpr (kTraced) {
        self->show();
        if (self->trace_) self->trace_->close();
        self->trace_.reset();
      }
      self->slow &= ~std::uint32_t{kTrace};
    });
  }

  static std::uint32_t write_coverage(VffiInstance* base, const char* path) noexcept {
    Self* const self = static_cast<Self*>(base);
    return guard(self, VFFI_KIND_COVERAGE, [&] {
      if ((Crate::kFeatures & VFFI_COVERAGE) == 0) {
        self->add_report(VFFI_KIND_UNSUPPORTED, "the crate was built without coverage");
      } else {
        self->write_coverage_to(path);
      }
    });
  }

  static std::uint32_t save(VffiInstance* base, const std::uint8_t** data, std::size_t* size) noexcept {
    Self* const self = static_cast<Self*>(base);
    const std::uint32_t status = guard(self, VFFI_KIND_SNAPSHOT, [&] {
#ifdef VFFI_WITH_SAVE
      if ((self->slow & kFirst) != 0) self->eval_once();  // a snapshot is of a settled model
      self->snapshot.clear();
      MemorySave out(self->snapshot);
      out << &self->context();
      out << *self->model_;
      out.close();
#else
      self->add_report(VFFI_KIND_UNSUPPORTED, "the crate was built without snapshots");
#endif
    });
    *data = self->snapshot.data();
    *size = self->snapshot.size();
    return status;
  }

  static std::uint32_t restore(VffiInstance* base, const std::uint8_t* data, std::size_t size) noexcept {
    Self* const self = static_cast<Self*>(base);
    return guard(self, VFFI_KIND_SNAPSHOT, [&] {
#ifdef VFFI_WITH_SAVE
      if (self->unwound()) {
        self->add_report(VFFI_KIND_SNAPSHOT, "the model stopped in the middle of an evaluation; restore into a new one");
        return;
      }
      self->show();
      MemoryRestore in(data, size);
      in >> &self->context();
      in >> *self->model_;
      in.close();
      self->slow &= ~std::uint32_t{kFirst};
      self->unshown_ = true;
      self->set_finished(self->context().gotFinish());
#else
      (void)data;
      (void)size;
      self->add_report(VFFI_KIND_UNSUPPORTED, "the crate was built without snapshots");
#endif
    });
  }

  // The table for the crate's one exported function.
  static VffiApi api(std::uint64_t interface, std::uint32_t slots) {
    VffiApi api{};
    api.abi_version = VFFI_ABI_VERSION;
    api.size = sizeof(VffiApi);
    api.interface = interface;
    api.features = Crate::kFeatures;
    api.slots = slots;
    api.string_size = sizeof(std::string);
    api.crate_name = Crate::kCrate;
    api.verilator = Verilated::productVersion();
    api.create = create;
    api.destroy = destroy;
    api.ports = ports;
    api.eval = eval;
    api.tick_once = tick_once;
    api.tick = tick;
    api.advance = advance;
    api.finish = finish;
    api.time = time;
    api.time_precision = time_precision;
    api.set_half_period = set_half_period;
    api.next_event = next_event;
    api.error_count = error_count;
    api.reports = report_count;
    api.report = get_report;
    api.clear_reports = [](VffiInstance* self) { self->clear_reports(); };
    api.finished_at = get_finished;
    api.trace_open = trace_open;
    api.trace_flush = trace_flush;
    api.trace_close = trace_close;
    api.write_coverage = write_coverage;
    api.save = save;
    api.restore = restore;
    api.string_get = string_get;
    api.string_set = string_set;
    return api;
  }

 private:
  static constexpr bool kTraced = (Crate::kFeatures & (VFFI_TRACE_VCD | VFFI_TRACE_FST)) != 0;
  static constexpr bool kTimed = (Crate::kFeatures & VFFI_TIMING) != 0;

  static std::size_t index_of(std::uint64_t mask) {
    std::size_t index = 0;
    for (; index < 63 && (mask & 1) == 0; ++index) mask >>= 1;
    return index;
  }

  void eval_once() {
    model_->eval();
    slow &= ~std::uint32_t{kFirst};
    unshown_ = true;
  }

  // Writes the state to the waveform, which takes one for each time: the last, as time goes on. What a restored
  // snapshot repeats is in it already.
  void show() {
    if constexpr (kTraced) {
      const std::uint64_t now = context().time();
      if (trace_ && unshown_ && shown_ <= now) {
        trace_->dump(now);
        shown_ = now + 1;
      }
    }
    unshown_ = false;
  }

  void set_time(std::uint64_t at) {
    show();
    context().time(at);
  }

  // Runs what is scheduled before `end`.
  void run_delays(std::uint64_t end) {
    if constexpr (kTimed) {
      while (!over() && model_->eventsPending() && model_->nextTimeSlot() < end) {
        set_time(model_->nextTimeSlot());
        eval_once();
      }
    }
    (void)end;
  }

  void half_tick(std::uint64_t mask, bool active) {
    const std::uint64_t at = context().time() + half_period;
    run_delays(at);
    if (over()) return;
    set_time(at);
    for (std::size_t i = 0; i < clocks_.size(); ++i) {
      if ((mask >> i & 1) != 0) *clocks_[i].port = active ? clocks_[i].active : std::uint8_t(!clocks_[i].active);
    }
    eval_once();
  }

  std::uint32_t eval_slow() {
    if ((slow & kOver) != 0) return settle();
    return guard(this, VFFI_KIND_RUNTIME, [&] { eval_once(); });
  }

  std::uint32_t tick_slow(std::uint64_t mask, std::uint64_t n, std::uint64_t* done) {
    if ((slow & kOver) != 0) return settle();
    return guard(this, VFFI_KIND_RUNTIME, [&] {
      // Without an evaluation at the idle level the first edge would not be one.
      if ((slow & kFirst) != 0) eval_once();
      for (std::uint64_t i = 0; i < n && status == VFFI_RUNNING; ++i) {
        half_tick(mask, true);
        if (over()) break;
        half_tick(mask, false);
        *done = i + 1;
      }
    });
  }

  void write_coverage_to(const std::string& path) {
    if constexpr ((Crate::kFeatures & VFFI_COVERAGE) != 0) {
      if (!path.empty() && can_write(this, VFFI_KIND_COVERAGE, path.c_str())) vffi::write_coverage(this, path);
    }
    (void)path;
  }

  std::optional<Model> model_;  // in place: one load less in every evaluation
  Clock first_clock_{nullptr, 0};
  std::unique_ptr<Trace> trace_;
  std::vector<Clock> clocks_;
  bool done_ = false;
  bool unshown_ = false;      // an evaluation since the waveform got its last state
  std::uint64_t shown_ = 0;  // the first time that the waveform can take
};

}  // namespace vffi

#endif  // VERILATED_FFI_MODEL_H_
