//! Every kind of port, written from Rust, read in SystemVerilog, and back.

use std::sync::{Arc, Mutex};
use std::{panic, thread};

use verilated_kinds::types::{LevelT, PlainT, ReqT, StateT, ViewT, WideEnumT, WideT};
use verilated_kinds::Kinds;

fn dut() -> Kinds {
    Kinds::new().expect("the model can be made")
}

fn req(a: u8, b: i8, st: StateT, last: bool) -> ReqT {
    ReqT { a, b, st, last }
}

#[test]
fn enums_cross_and_unknown_encodings_are_errors() {
    let mut dut = dut();
    for state in [StateT::Idle, StateT::Run, StateT::Done] {
        dut.set_state(state);
        dut.eval().unwrap();
        assert_eq!(dut.state_q(), Ok(state));
        assert_eq!(dut.state_is_run(), state == StateT::Run);
    }
    for raw in [1u8, 2, 4, 6, 7] {
        dut.set_state_bits(raw);
        dut.eval().unwrap();
        assert_eq!(dut.state_q(), Err(raw));
        assert_eq!(dut.state_q_bits(), raw);
    }
    for (level, bits) in [(LevelT::Negative, 0xffff_fffe), (LevelT::Zero, 0), (LevelT::Many, 70000)] {
        dut.set_level(level);
        dut.eval().unwrap();
        assert_eq!((dut.level_q(), dut.level_q_bits()), (Ok(level), bits));
        assert_eq!(dut.level_is_negative(), level == LevelT::Negative);
    }
    for value in [WideEnumT::Small, WideEnumT::Huge] {
        dut.set_wide_enum(value);
        dut.eval().unwrap();
        assert_eq!(dut.wide_enum_q(), Ok(value));
    }
    assert_eq!(WideEnumT::Huge.to_bits(), 0x20_0000_0000_0000_0001);
    dut.set_wide_enum_bits(1 << 69);
    dut.eval().unwrap();
    assert_eq!(dut.wide_enum_q(), Err(1 << 69));
}

#[test]
fn packed_structs_keep_every_field() {
    let mut dut = dut();
    for a in 0..16 {
        for b in [-64i8, -63, -1, 0, 1, 63] {
            for last in [false, true] {
                let value = req(a, b, StateT::Done, last);
                dut.set_req(value);
                dut.eval().unwrap();
                assert_eq!(dut.req_q(), Ok(value));
                assert_eq!((dut.req_a(), dut.req_b(), dut.req_last()), (a, b, last));
            }
        }
    }
    // a = 5, b = -1, st = 2 (no name), last = 1
    let raw = 5 << 11 | 0x7f << 4 | 2 << 1 | 1;
    dut.set_req_bits(raw);
    dut.eval().unwrap();
    assert_eq!(dut.req_q(), Err(raw));
    assert_eq!(dut.req_a(), 5);
}

#[test]
fn fields_beyond_their_width_are_caught() {
    let mut dut = dut();
    assert!(req(15, 63, StateT::Idle, false).fits());
    for bad in [req(16, 0, StateT::Idle, false), req(0, 64, StateT::Idle, false), req(0, -65, StateT::Idle, false)] {
        assert!(!bad.fits());
        let error = dut.try_set_req(bad).expect_err("it does not fit");
        assert_eq!(error.port(), "req");
    }
    dut.try_set_req(req(15, -64, StateT::Run, true)).unwrap();
}

#[test]
fn wide_structs_are_words() {
    let mut dut = dut();
    let value = WideT {
        tag: 0xfedc_ba98_7654_3210_abcd,
        pair: [req(1, -2, StateT::Run, true), req(14, -64, StateT::Done, false)],
        data: 0xdead_beef,
    };
    dut.set_wide(value);
    dut.eval().unwrap();
    assert_eq!(dut.wide_q(), Ok(value));
    assert_eq!(dut.wide_tag(), value.tag);
    // Index 1 of the packed array is the more significant one.
    assert_eq!(dut.wide_pair1_b(), -64);
    assert_eq!(dut.wide_data(), 0xdead_beef);
    assert_eq!(WideT::WIDTH, 142);
    assert_eq!(dut.wide_q_bits(), value.to_bits());
}

#[test]
fn unions_are_views_of_one_value() {
    let mut dut = dut();
    let inner = req(9, -5, StateT::Run, true);
    dut.set_view(ViewT::from_req(inner));
    dut.eval().unwrap();
    assert_eq!(dut.view_q().req(), Ok(inner));
    assert_eq!(dut.view_q().raw(), inner.to_bits());
    dut.set_view(ViewT::from_raw(0x7fff));
    dut.eval().unwrap();
    assert_eq!(dut.view_q().raw(), 0x7fff);
    assert_eq!(dut.view_q().req(), Err(0x7fff));
}

#[test]
fn structs_without_enums_never_fail() {
    let mut dut = dut();
    for big in [0, -1, 1 << 63, -(1i128 << 64), (1i128 << 64) - 1] {
        let value = PlainT { hi: 0xa5, nibbles: [3, 12], big };
        dut.set_plain(value);
        dut.eval().unwrap();
        assert_eq!(dut.plain_q(), value);
        assert_eq!(dut.plain_big(), big);
    }
    assert_eq!(PlainT::default(), PlainT { hi: 0, nibbles: [0, 0], big: 0 });
}

#[test]
fn packed_arrays_begin_at_the_smallest_index() {
    let mut dut = dut();
    dut.set_down([1, 2, 3, 4]);
    dut.set_up([1, 2, 3, 4]);
    dut.eval().unwrap();
    assert_eq!((dut.down_0(), dut.down_3()), (1, 4));
    assert_eq!((dut.up_0(), dut.up_3()), (1, 4));
    assert_eq!(dut.down_bits(), 0x0403_0201);
    assert_eq!(dut.up_bits(), 0x0102_0304);
    let long = [1u128 << 64, 0x1_2345, (1 << 65) - 1];
    dut.set_long_down(long);
    dut.eval().unwrap();
    assert_eq!(dut.long_q(), long);
    assert_eq!(dut.long_2(), long[2]);
}

#[test]
fn unpacked_arrays_begin_at_the_smallest_index() {
    let mut dut = dut();
    dut.set_mem_array(&[10, 11, 12, 13]);
    dut.eval().unwrap();
    // Rust's 0 is mem[4], whatever the direction of the range.
    assert_eq!(dut.mem_4(), 10);
    assert_eq!(dut.mem_q_array(), [10, 11, 12, 13]);
    dut.set_mem(3, 99);
    dut.eval().unwrap();
    assert_eq!(dut.mem_q(3), 99);

    dut.set_grid_array(&[[-16, -1, 0], [1, 2, 15]]);
    dut.eval().unwrap();
    assert_eq!(dut.grid_q_array(), [[-16, -1, 0], [1, 2, 15]]);
    assert_eq!(dut.grid_1_3(), 15);
    dut.set_grid(1, 2, -7);
    dut.eval().unwrap();
    assert_eq!((dut.grid_1_3(), dut.grid_q(1, 2)), (-7, -7));
    assert!(dut.try_set_grid(0, 0, 16).is_err());

    let deep = [(1u128 << 70) - 1, 0x2a_0000_0000_0000_0001];
    dut.set_deep_array(&deep);
    dut.set_bools_array(&[true, false, true, true, false]);
    dut.set_reals_array(&[1.25, -3.0]);
    dut.eval().unwrap();
    assert_eq!(dut.deep_q_array(), deep);
    assert_eq!(dut.bools_q_array(), [true, false, true, true, false]);
    assert_eq!(dut.reals_q_array(), [2.5, -6.0]);
}

#[test]
fn arrays_of_enums_and_structs() {
    let mut dut = dut();
    dut.set_states_array(&[StateT::Run, StateT::Idle, StateT::Done]);
    let pair = [req(1, 2, StateT::Idle, true), req(3, -4, StateT::Run, false)];
    dut.set_reqs_array(&pair);
    dut.eval().unwrap();
    assert_eq!(dut.states_q_array(), Ok([StateT::Run, StateT::Idle, StateT::Done]));
    assert_eq!(dut.reqs_q_array(), Ok(pair));
    dut.set_states_bits(1, 6);
    dut.eval().unwrap();
    assert_eq!(dut.states_q(0), Ok(StateT::Run));
    assert_eq!(dut.states_q(1), Err(6));
    assert_eq!(dut.states_q_array(), Err(6));
}

#[test]
#[should_panic(expected = "index 2 of a dimension of port deep that has 2 elements")]
fn an_index_outside_its_dimension_panics() {
    let _ = dut().deep(2);
}

#[test]
fn panics_name_the_callers_line() {
    let places = Arc::new(Mutex::new(Vec::new()));
    let (kept, here, usual) = (Arc::clone(&places), thread::current().id(), panic::take_hook());
    panic::set_hook(Box::new(move |info| {
        if thread::current().id() == here {
            kept.lock().unwrap().extend(info.location().map(|place| (place.file().to_owned(), place.line())));
        } else {
            usual(info);
        }
    }));
    type Call = (u32, fn(&mut Kinds));
    let calls: [Call; 3] = [
        (line!(), |dut| assert_ne!(dut.deep(2), 1)),
        (line!(), |dut| dut.set_deep(2, 0)),
        (line!(), |dut| dut.set_offset(u8::MAX)),
    ];
    let panicked = calls.map(|(_, call)| panic::catch_unwind(|| call(&mut dut())).is_err());
    drop(panic::take_hook());
    let wanted: Vec<_> = calls.iter().map(|(line, _)| (file!().to_owned(), *line)).collect();
    assert_eq!(panicked, [true; 3]);
    assert_eq!(*places.lock().unwrap(), wanted);
}

#[test]
fn predefined_integers_have_their_signs() {
    let mut dut = dut();
    dut.set_i8(i8::MIN);
    dut.set_i16(i16::MIN);
    dut.set_i32(i32::MIN);
    dut.set_i64(-1 << 40);
    dut.set_i4(-5);
    dut.set_t64(1 << 50);
    dut.eval().unwrap();
    let wanted = i64::from(i8::MIN) + i64::from(i16::MIN) + i64::from(i32::MIN) - (1 << 40) - 5 + (1 << 50);
    assert_eq!(dut.sum(), wanted);
}

#[test]
fn odd_ranges_count_from_the_right_end() {
    let mut dut = dut();
    dut.set_ascending(0x80);
    dut.set_offset(1);
    dut.eval().unwrap();
    assert!(dut.ascending_0() && dut.offset_2());
    let value = [1, 2, 3, 4, 1];
    dut.set_two_state(value);
    dut.eval().unwrap();
    assert_eq!(dut.two_state_q(), value);
    assert!(dut.try_set_two_state([0, 0, 0, 0, 2]).is_err());
}

#[test]
fn reals_and_strings() {
    let mut dut = dut();
    dut.set_r(-0.75);
    dut.set_s("a longer string than fits in a pointer, äöü");
    dut.eval().unwrap();
    assert_eq!(dut.r_q(), -1.5);
    assert_eq!(dut.s_q(), "a longer string than fits in a pointer, äöü!");
    assert_eq!(dut.names_q(1), "second");
    assert!(dut.names_q(0).starts_with('<'));
    dut.set_s([0xff, 0x41]);
    dut.eval().unwrap();
    assert_eq!(dut.s_q_bytes(), [0xff, 0x41, b'!']);
    dut.set_s("");
    dut.eval().unwrap();
    assert_eq!(dut.s_q(), "!");
}

#[test]
fn ports_are_described() {
    let port = verilated_kinds::PORTS.iter().find(|port| port.name == "grid").expect("there is one");
    assert_eq!((port.width, port.signed, port.elements()), (5, true, 6));
    assert!(port.file.ends_with("kinds.sv"), "{}", port.file);
    let low: Vec<i64> = port.dimensions.iter().map(|dimension| dimension.low()).collect();
    assert_eq!(low, [0, 1]);
    let req = verilated_kinds::PORTS.iter().find(|port| port.name == "req").expect("there is one");
    assert_eq!(req.type_name, "kinds_pkg::req_t");
}
