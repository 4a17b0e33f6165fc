//! When the edges of several clocks come. Pure: times in, edges out.

use crate::port::ClockInfo;

#[derive(Clone, Copy, Debug)]
struct Entry {
    half: u64,
    next: u64,
    active: bool,
}

/// The coming edges of a set of clocks.
#[derive(Clone, Debug)]
pub struct Schedule {
    entries: Vec<Entry>,
}

/// Edges that come at one time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edges {
    /// When, in units of the time precision.
    pub time: u64,
    /// Clocks with their counting edge, as bits in order of the clocks.
    pub active: u64,
    /// Clocks with the other edge.
    pub idle: u64,
}

impl Schedule {
    /// A schedule that begins at `now`, all clocks at their idle level.
    #[must_use]
    pub fn new(clocks: &[ClockInfo], now: u64) -> Schedule {
        let entry = |clock: &ClockInfo| Entry {
            half: (clock.period / 2).max(1),
            next: now + if clock.phase == 0 { (clock.period / 2).max(1) } else { clock.phase },
            active: true,
        };
        Schedule { entries: clocks.iter().map(entry).collect() }
    }

    /// Takes note that time went on to `now` without this schedule: missed edges come later.
    pub fn catch_up(&mut self, now: u64) {
        for entry in &mut self.entries {
            if entry.next <= now {
                entry.next = now + entry.half;
                entry.active = true;
            }
        }
    }

    /// The next time at which any clock has an edge.
    #[must_use]
    pub fn next_time(&self) -> Option<u64> {
        self.entries.iter().map(|entry| entry.next).min()
    }

    /// The next edges; coinciding ones come together.
    pub fn step(&mut self) -> Option<Edges> {
        let time = self.next_time()?;
        let mut edges = Edges { time, active: 0, idle: 0 };
        for (index, entry) in self.entries.iter_mut().enumerate() {
            if entry.next == time {
                *if entry.active { &mut edges.active } else { &mut edges.idle } |= 1 << index;
                entry.active = !entry.active;
                entry.next += entry.half;
            }
        }
        Some(edges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::Edge;

    fn clock(period: u64, phase: u64) -> ClockInfo {
        ClockInfo { name: "c", edge: Edge::Rising, period, phase }
    }

    #[test]
    fn edges_come_in_order_and_together() {
        let mut schedule = Schedule::new(&[clock(4, 0), clock(6, 1)], 0);
        let steps: Vec<_> = std::iter::from_fn(|| schedule.step()).take(6).collect();
        let wanted = [(1, 2, 0), (2, 1, 0), (4, 0, 3), (6, 1, 0), (7, 2, 0), (8, 0, 1)];
        let wanted = wanted.map(|(time, active, idle)| Edges { time, active, idle });
        assert_eq!(steps, wanted);
    }

    #[test]
    fn time_that_passed_is_not_made_up() {
        let mut schedule = Schedule::new(&[clock(4, 0)], 0);
        schedule.catch_up(100);
        assert_eq!(schedule.step(), Some(Edges { time: 102, active: 1, idle: 0 }));
    }

    #[test]
    fn no_clocks_no_edges() {
        assert_eq!(Schedule::new(&[], 0).step(), None);
    }
}
