// Units of a simulation that are evaluated on several threads.
//
// The thread that evaluates the top, the owner, posts the task of each unit that has an edge, and finishes it before
// anything looks at the unit. What nobody has begun by then the owner does itself, so that threads for which the
// machine has no processor hold up nothing. In C++14, which is what units are compiled as.
#ifndef RULES_SV_TASKS_H_
#define RULES_SV_TASKS_H_

#include <memory>

namespace rules_sv {

// What a unit does at an edge.
struct Task;

// The threads of one simulation. Where there is nothing to do for some tens of microseconds, they sleep.
class Team final {
 public:
  // The team of a simulation; null where one thread does everything. It ends with the last pointer to it.
  //
  // context: what all its models share; models made on another thread are another simulation's. Each new thread passes
  //     it to `enter` before this returns.
  // threads: how many, the owner among them; 0 where another model of the simulation says that. Never more than the
  //     processors that this process may use.
  static std::shared_ptr<Team> of(void* context, unsigned threads, void (*enter)(void*));

  // As `of`, on a machine with some number of processors.
  static std::shared_ptr<Team> on(unsigned processors, void* context, unsigned threads, void (*enter)(void*));

  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  // A task that calls `run(subject)`. It is the team's as long as that lives.
  Task* task(void (*run)(void*), void* subject);

  // Of the owner alone: lets any thread do a task, which is none that waits to be finished. Others see it when the
  // owner first waits for one.
  void post(Task* task);

  // Of the owner alone: returns when a task is done, and does others on the way.
  void finish(Task* task);

 private:
  struct Threads;
  Team(unsigned helpers, void* context, void (*enter)(void*));
  const std::unique_ptr<Threads> threads_;
};

}  // namespace rules_sv

#endif  // RULES_SV_TASKS_H_
