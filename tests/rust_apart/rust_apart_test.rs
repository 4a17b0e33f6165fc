//! A unit that is verilated apart behaves in a crate as one that is not, on any number of threads.

macro_rules! steps {
    ($krate:ident, $count:expr) => {{
        let mut top = $krate::Top::new().expect("a model");
        top.reset(2).expect("a reset");
        let mut state = 12345u32;
        let mut seen = Vec::new();
        for _ in 0..$count {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            top.set_en(state >> 31 != 0);
            top.set_d((state >> 16) as u8 & 127);
            top.eval().expect("an evaluation");
            seen.push((top.sum(), top.full()));
            top.tick().expect("a cycle");
            seen.push((top.sum(), top.full()));
        }
        seen
    }};
}

#[test]
fn both_ways_give_the_same() {
    let apart = steps!(verilated_apart, 500);
    assert_eq!(apart, steps!(verilated_merged, 500));
    assert!(apart.iter().any(|&(_, full)| full == 1) && apart.iter().any(|&(_, full)| full == 3));
}

#[test]
fn eight_simulations_on_eight_threads_agree() {
    let expected = steps!(verilated_merged, 200);
    let threads: Vec<_> =
        (0..8).map(|_| std::thread::spawn(|| (0..20).map(|_| steps!(verilated_apart, 200)).last())).collect();
    for thread in threads {
        assert_eq!(thread.join().expect("a thread").as_ref(), Some(&expected));
    }
}

#[test]
fn a_failure_inside_is_an_error_with_the_users_line() {
    let mut top = verilated_apart::Top::new().expect("a model");
    top.reset(2).expect("a reset");
    top.set_en(true);
    top.set_d(255);
    let error = top.tick().expect_err("$fatal");
    let text = error.to_string();
    assert!(text.contains("tests/rust_apart/leaf.sv:17"), "{text}");
}
