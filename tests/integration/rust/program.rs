use verilated_scale_crate::Scale;
use verilated_sum_crate::Sum;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut sum = Sum::new()?;
    sum.set_a(200);
    sum.set_b(100);
    sum.eval()?;
    let mut scale = Scale::new()?;
    scale.set_value(sum.y());
    scale.tick()?;
    println!("sum {}, scaled {}", sum.y(), scale.scaled());
    Ok(())
}
