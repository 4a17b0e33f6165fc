#include "rules_sv_tasks.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace rules_sv {

struct Task {
  enum State : unsigned char { kDone, kPosted, kBegun };

  Task(void (*function)(void*), void* argument) : run{function}, subject{argument} {}

  bool done() const { return state.load(std::memory_order_acquire) == kDone; }

  // Does the task where nobody has begun it.
  void attempt() {
    State expected = kPosted;
    if (state.load(std::memory_order_relaxed) != kPosted) return;
    if (!state.compare_exchange_strong(expected, kBegun, std::memory_order_acquire, std::memory_order_relaxed)) return;
    run(subject);
    state.store(kDone, std::memory_order_release);
  }

  alignas(64) std::atomic<State> state{kDone};
  bool open = false;  // the owner's
  void (*const run)(void*);
  void* const subject;
};

namespace {

// More than units that have an edge at once; what helpers miss is done by the owner. A power of two.
constexpr unsigned kSlots = 1024;

// How often a helper looks for something to do before it sleeps: some tens of microseconds.
constexpr unsigned kLooks = 4096;

// How often a thread that waits looks before it offers its processor to others: what it waits for may need that one.
constexpr unsigned kPatience = 128;

void relax(unsigned looks) {
  if (looks % kPatience == 0) {
    std::this_thread::yield();
    return;
  }
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

}  // namespace

struct Team::Threads {
  Threads(unsigned helpers, void* context, void (*enter)(void*)) {
    for (unsigned k = 0; k < helpers; ++k) {
      all.emplace_back([this, context, enter] {
        enter(context);
        entered.fetch_add(1);
        help();
      });
      while (entered.load() <= k) std::this_thread::yield();
    }
  }

  ~Threads() {
    {
      const std::lock_guard<std::mutex> lock{mutex};
      ended = true;
    }
    wake.notify_all();
    for (std::thread& thread : all) thread.join();
  }

  // Helpers go up from the oldest task, the owner goes down from the newest: a unit is mostly evaluated by the same
  // thread then, whose cache has its state.
  void help() {
    unsigned next = 0;
    for (unsigned looks = 0; looks < kLooks;) {
      const unsigned end = posted.load(std::memory_order_acquire);
      if (next != end) {
        if (end - next > kSlots) next = end - kSlots;
        slots[next++ % kSlots].load(std::memory_order_relaxed)->attempt();
        looks = 0;
      } else if (++looks < kLooks) {
        relax(looks);
      } else {
        std::unique_lock<std::mutex> lock{mutex};
        ++sleeping;
        wake.wait(lock, [&] { return ended || posted.load() != next; });
        --sleeping;
        if (ended) return;
        looks = 0;
      }
    }
  }

  // Shows helpers what was posted: all at once, as each time costs a look into another processor's cache.
  void publish() {
    posted.store(count);
    if (sleeping.load()) {
      // A helper that has found nothing holds this until it waits.
      {
        const std::lock_guard<std::mutex> lock{mutex};
      }
      wake.notify_all();
    }
  }

  // Counts for ever: a helper's place is told from the end by the difference alone.
  alignas(64) std::atomic<unsigned> posted{0};
  std::atomic<Task*> slots[kSlots] = {};
  alignas(64) std::atomic<unsigned> sleeping{0};
  std::atomic<unsigned> entered{0};
  std::mutex mutex;
  std::condition_variable wake;
  bool ended = false;
  std::vector<std::thread> all;
  // The owner's: how many it has posted, and tasks that it has not seen done, each once.
  alignas(64) unsigned count = 0;
  std::vector<Task*> open;
  std::deque<Task> tasks;
};

Team::Team(unsigned helpers, void* context, void (*enter)(void*)) : threads_{new Threads{helpers, context, enter}} {}
Team::~Team() = default;

std::shared_ptr<Team> Team::of(void* context, unsigned threads, void (*enter)(void*)) {
  return on(std::thread::hardware_concurrency(), context, threads, enter);
}

std::shared_ptr<Team> Team::on(unsigned processors, void* context, unsigned threads, void (*enter)(void*)) {
  // Never destroyed: simulations on other threads may outlive what has a destructor.
  static auto* const mutex = new std::mutex;
  static auto* const teams = new std::map<std::pair<const void*, std::thread::id>, std::weak_ptr<Team>>;
  const std::lock_guard<std::mutex> lock{*mutex};
  const auto key = std::make_pair(static_cast<const void*>(context), std::this_thread::get_id());
  std::weak_ptr<Team>& known = (*teams)[key];
  std::shared_ptr<Team> team = known.lock();
  if (!team && std::min(threads, processors) > 1) {
    team.reset(new Team{std::min(threads, processors) - 1, context, enter});
    known = team;
  }
  if (!team) teams->erase(key);
  return team;
}

Task* Team::task(void (*run)(void*), void* subject) {
  threads_->tasks.emplace_back(run, subject);
  return &threads_->tasks.back();
}

void Team::post(Task* task) {
  Threads& t = *threads_;
  task->state.store(Task::kPosted, std::memory_order_release);
  t.slots[t.count++ % kSlots].store(task, std::memory_order_relaxed);
  if (!task->open) t.open.push_back(task);
  task->open = true;
}

void Team::finish(Task* task) {
  Threads& t = *threads_;
  std::vector<Task*>& open = t.open;
  const unsigned fresh = t.count - t.posted.load(std::memory_order_relaxed);
  if (fresh == 1 && open.back() == task) {
    --t.count;  // no helper would have begun it by now
    task->attempt();
  } else if (fresh) {
    t.publish();
  }
  const auto close = [&open] {
    open.back()->open = false;
    open.pop_back();
  };
  for (unsigned looks = 0; !task->done();) {
    if (!open.empty()) {
      open.back()->attempt();
      close();
    } else {
      relax(++looks);
    }
  }
  while (!open.empty() && open.back()->done()) close();
}

}  // namespace rules_sv
