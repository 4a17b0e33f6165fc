//! Names that Rust, C++ and SystemVerilog quarrel about, and inouts.

use verilated_awkward::{Awkward, PORTS};

fn dut() -> Awkward {
    Awkward::new().expect("the model can be made")
}

#[test]
fn every_name_reaches_its_own_port() {
    let mut dut = dut();
    dut.set_port_eval(6);
    dut.set_value(0);
    dut.eval().unwrap();
    assert_eq!(dut.port_new(), 7);
    assert_eq!(dut.port_eval(), 6);
    assert_eq!(dut.seen(), 0);
    // One at a time, each sets its own bit of `seen`, most significant first.
    let setters: [fn(&mut Awkward, bool); 11] = [
        Awkward::set_port_tick,
        Awkward::set_self_,
        Awkward::set_a_b,
        Awkward::set_a__b,
        Awkward::set__9lives,
        Awkward::set_class_,
        Awkward::set_class,
        Awkward::set_awkward_,
        Awkward::set_awkward,
        Awkward::set_NULL,
        Awkward::set_port_set_value,
    ];
    for (index, set) in setters.into_iter().enumerate() {
        set(&mut dut, true);
        dut.eval().unwrap();
        assert_eq!(dut.seen(), 1 << (14 - index), "port {index}");
        set(&mut dut, false);
    }
    dut.set_value(0xf);
    dut.eval().unwrap();
    assert_eq!(dut.seen(), 0xf);
    dut.set_port_tick(true);
    dut.eval().unwrap();
    assert!(dut.r#type());
}

#[test]
fn names_in_the_metadata_are_those_of_the_source() {
    let names: Vec<&str> = PORTS.iter().map(|port| port.name).collect();
    for name in ["eval", "new", "type", "self", "a+b", "a-b", "a__b", "9lives", "class", "awkward", "NULL"] {
        assert!(names.contains(&name), "{name} of {names:?}");
    }
}

#[test]
fn an_inout_is_resolved_between_both_sides() {
    let mut dut = dut();
    dut.eval().unwrap();
    assert_eq!((dut.bus_driven(), dut.bus_in()), (0, 0));
    dut.set_oe(true);
    dut.set_bus_out(0x0a);
    dut.eval().unwrap();
    assert_eq!((dut.bus(), dut.bus_driven()), (0x0a, 0x0f));
    dut.drive_bus(0x50, 0xf0);
    dut.eval().unwrap();
    assert_eq!((dut.bus(), dut.bus_driven(), dut.bus_in()), (0x5a, 0xff, 0x5a));
    dut.set_oe(false);
    dut.drive_bus(0xff, 0x33);
    dut.eval().unwrap();
    assert_eq!((dut.bus(), dut.bus_driven()), (0x33, 0x33));
    dut.release_bus();
    dut.eval().unwrap();
    assert_eq!(dut.bus_driven(), 0);
}

#[test]
fn pulls_and_open_drains() {
    let mut dut = dut();
    dut.eval().unwrap();
    assert!(dut.open_drain() && dut.open_drain_in());
    dut.set_pull_low(true);
    dut.eval().unwrap();
    assert!(!dut.open_drain());
    dut.set_pull_low(false);
    dut.drive_open_drain(false, true);
    dut.eval().unwrap();
    assert!(!dut.open_drain() && !dut.open_drain_in());
    dut.release_open_drain();
    dut.eval().unwrap();
    assert!(dut.open_drain());
}

#[test]
fn wide_inouts() {
    let mut dut = dut();
    dut.drive_wide_bus(0x3_0000_0000_0000_0001, (1 << 69) - 1);
    dut.set_oe(true);
    dut.eval().unwrap();
    assert_eq!(dut.wide_bus(), 1 << 69 | 0x3_0000_0000_0000_0001);
    assert_eq!(dut.wide_bus_driven(), (1 << 70) - 1);
}

#[test]
fn errors_have_the_users_scopes() {
    let mut dut = Awkward::builder().output(|_| ()).build().unwrap();
    dut.set_value(250);
    let error = dut.tick().expect_err("$error");
    assert_eq!((error.scope(), error.message()), ("awkward", "value is 250"), "not the module that resolves inouts");
}
