// Tasks on several threads: each is done once a post, before its finish returns, whoever does it.
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "rules/runtime/rules_sv_tasks.h"
#include "tests/runtime/check.h"

namespace {

using rules_sv::Task;
using rules_sv::Team;

std::atomic<int> entered{0};
void enter(void* context) {
  if (context) ++entered;
}

// Counts with plain numbers: a sanitizer sees where a finish orders nothing.
struct Counter {
  static void count(void* subject) {
    auto& self = *static_cast<Counter*>(subject);
    ++self.done;
    self.by = std::this_thread::get_id();
  }
  Task* task = nullptr;
  long done = 0;
  std::thread::id by;
};

TEST("a simulation has one team, and one thread needs none") {
  int one = 0, other = 0;
  CHECK(!Team::on(4, &one, 1, enter));
  CHECK(!Team::on(1, &one, 4, enter));
  CHECK(!Team::on(4, &one, 0, enter));
  entered = 0;
  const auto team = Team::on(2, &one, 8, enter);
  CHECK_EQ(1, entered.load());
  CHECK(team == Team::on(4, &one, 0, enter));
  CHECK(team == Team::on(4, &one, 4, enter));
  CHECK(!Team::on(4, &other, 0, enter));
  std::thread{[&] { CHECK(!Team::on(4, &one, 0, enter)); }}.join();
  entered = 0;
  CHECK(Team::on(4, &other, 3, enter) != nullptr);
  CHECK_EQ(2, entered.load());
}

TEST("every task is done once a post") {
  int context = 0;
  const auto team = Team::on(4, &context, 4, enter);
  std::vector<Counter> all(50);
  for (Counter& one : all) one.task = team->task(&Counter::count, &one);
  const long rounds = 3000;
  for (long round = 1; round <= rounds; ++round) {
    for (Counter& one : all) team->post(one.task);
    for (Counter& one : all) {
      team->finish(one.task);
      if (one.done != round) CHECK_EQ(round, one.done);
    }
  }
  CHECK_EQ(rounds, all.back().done);
}

TEST("what helpers miss is done, too") {
  int context = 0;
  const auto team = Team::on(2, &context, 2, enter);
  std::vector<Counter> all(5000);
  for (Counter& one : all) one.task = team->task(&Counter::count, &one);
  for (int round = 1; round <= 3; ++round) {
    for (Counter& one : all) team->post(one.task);
    for (Counter& one : all) team->finish(one.task);
  }
  for (const Counter& one : all) CHECK_EQ(3L, one.done);
}

// Something that a helper begins and that ends when it is told to.
struct Gate {
  static void hold(void* subject) {
    auto& self = *static_cast<Gate*>(subject);
    self.by = std::this_thread::get_id();
    self.begun = true;
    while (!self.open) std::this_thread::yield();
    self.begun = self.open = false;
  }
  std::atomic<bool> begun{false}, open{false};
  std::thread::id by;
};

TEST("helpers wake up, and the owner does what they don't get to") {
  int context = 0;
  const auto team = Team::on(2, &context, 2, enter);
  Gate gate;
  Task* const held = team->task(&Gate::hold, &gate);
  Counter first, other;
  first.task = team->task(&Counter::count, &first);
  other.task = team->task(&Counter::count, &other);
  for (int round = 1; round <= 3; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));  // asleep by now
    team->post(held);
    team->post(first.task);
    team->finish(first.task);
    while (!gate.begun) std::this_thread::yield();
    team->post(other.task);
    team->finish(other.task);
    CHECK_EQ(static_cast<long>(round), other.done);
    CHECK(other.by == std::this_thread::get_id());
    gate.open = true;
    team->finish(held);
    CHECK(gate.by != std::this_thread::get_id());
  }
}

TEST("simulations on several threads don't disturb one another") {
  std::vector<std::thread> simulations;
  std::atomic<long> sum{0};
  for (int k = 0; k < 4; ++k) {
    simulations.emplace_back([&sum] {
      for (int life = 0; life < 20; ++life) {
        int context = 0;
        const auto team = Team::on(3, &context, 3, enter);
        Counter one, two;
        one.task = team->task(&Counter::count, &one);
        two.task = team->task(&Counter::count, &two);
        for (int round = 0; round < 100; ++round) {
          team->post(one.task);
          team->post(two.task);
          team->finish(two.task);
          team->finish(one.task);
        }
        sum += one.done + two.done;
      }
    });
  }
  for (std::thread& simulation : simulations) simulation.join();
  CHECK_EQ(4L * 20 * 200, sum.load());
}

}  // namespace
