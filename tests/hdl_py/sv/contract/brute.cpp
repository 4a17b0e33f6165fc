// Tries what contracts claim on verilated modules, by random stimulus.
//
//   pairs SEEDS CYCLES   toggle single input bits without an event and watch every output
//   drive SEEDS STEPS    drive one instance as its contract says and one as a parent would, and compare
//
// Each probe is one module, instantiated twice: bare, and below a parent that changes inputs both at once and
// from registers at the clock. The contract comes from the file CONTRACTS, so that one program can try many.
#include "probes.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using Bits = std::vector<uint32_t>;

static uint64_t seed = 88172645463325252ull;
static uint64_t draw() {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static Bits get(const Signal& s) {
    Bits out((s.width + 31) / 32);
    if (s.width <= 8) {
        out[0] = *static_cast<CData*>(s.at);
    } else if (s.width <= 16) {
        out[0] = *static_cast<SData*>(s.at);
    } else if (s.width <= 32) {
        out[0] = *static_cast<IData*>(s.at);
    } else if (s.width <= 64) {
        const QData value = *static_cast<QData*>(s.at);
        out[0] = static_cast<uint32_t>(value);
        out[1] = static_cast<uint32_t>(value >> 32);
    } else {
        std::memcpy(out.data(), s.at, out.size() * 4);
    }
    return out;
}

static void set(const Signal& s, const Bits& v) {
    if (s.width <= 8) {
        *static_cast<CData*>(s.at) = static_cast<CData>(v[0]);
    } else if (s.width <= 16) {
        *static_cast<SData*>(s.at) = static_cast<SData>(v[0]);
    } else if (s.width <= 32) {
        *static_cast<IData*>(s.at) = v[0];
    } else if (s.width <= 64) {
        *static_cast<QData*>(s.at) = v[0] | static_cast<QData>(v[1]) << 32;
    } else {
        std::memcpy(s.at, v.data(), v.size() * 4);
    }
}

static bool bit(const Bits& v, int i) { return v[i / 32] >> (i % 32) & 1; }
static void flip(Bits& v, int i) { v[i / 32] ^= 1u << (i % 32); }

static Bits random_bits(int width) {
    Bits out((width + 31) / 32);
    for (auto& word : out) {
        switch (draw() % 6) {
        case 0: word = 0; break;
        case 1: word = ~0u; break;
        case 2: word = 1u << (draw() % 32); break;
        default: word = static_cast<uint32_t>(draw() >> 16);
        }
    }
    if (width % 32) out.back() &= (1u << (width % 32)) - 1;
    return out;
}

using BitName = std::pair<int, int>;  // Port and bit.

struct Cone {
    std::set<BitName> inputs, outputs;
};

struct Contract {
    std::string kind;
    bool settle = false;
    std::map<BitName, int> clocks;  // 1 rising, -1 falling, 0 both
    std::map<BitName, int> resets;
    std::vector<Cone> cones;
    std::map<int, uint32_t> rare;  // Level that an input mostly has.
};

static std::vector<Contract> contracts;

static void read_contracts(const char* path) {
    std::ifstream file{path};
    std::string line;
    while (std::getline(file, line)) {
        std::istringstream words{line};
        std::string what;
        words >> what;
        if (what == "probe") {
            contracts.emplace_back();
            words >> contracts.back().kind >> contracts.back().settle;
        } else if (what == "clock" || what == "reset") {
            int port, bit_, edge;
            words >> port >> bit_ >> edge;
            (what == "clock" ? contracts.back().clocks : contracts.back().resets)[{port, bit_}] = edge;
        } else if (what == "rare") {
            int port;
            words >> port;
            words >> contracts.back().rare[port];
        } else if (what == "cone") {
            contracts.back().cones.emplace_back();
        } else if (what == "in" || what == "out") {
            int port, high, low;
            words >> port >> high >> low;
            auto& cone = contracts.back().cones.back();
            for (int i = low; i <= high; ++i) (what == "in" ? cone.inputs : cone.outputs).insert({port, i});
        }
    }
}

struct Model {
    std::unique_ptr<VerilatedContext> context{new VerilatedContext};
    std::unique_ptr<Vall> top;
    std::vector<Probe> probes;
    Model(int mode, int seed_) {
        context->randReset(mode);
        context->randSeed(seed_);
        const char* none[] = {"brute"};
        context->commandArgs(1, const_cast<char**>(none));
        top.reset(new Vall{context.get()});
        probes = bind_probes(*top);
    }
    ~Model() { top->final(); }
    void eval() { top->eval(); }
};

static int edge_of(const Contract& c, const BitName& name, bool& is_event) {
    auto found = c.clocks.find(name);
    if (found == c.clocks.end()) {
        found = c.resets.find(name);
        is_event = found != c.resets.end();
    } else {
        is_event = true;
    }
    return is_event ? found->second : 0;
}

// -- pairs

static std::set<std::pair<BitName, BitName>> wrong_pairs;
static std::set<std::string> seen_pairs;
static long evaluations = 0;

static void report_pair(size_t n, const Probe& p, const BitName& in, const BitName& out) {
    std::string name = p.name + " " + p.inputs[in.first].name + " " + p.outputs[out.first].name;
    seen_pairs.insert(name);
    for (const auto& cone : contracts[n].cones)
        if (cone.inputs.count(in) && cone.outputs.count(out)) return;
    static std::set<std::string> told;
    name += " " + std::to_string(in.second) + " " + std::to_string(out.second);
    if (told.insert(name).second && told.size() < 2000) std::printf("PAIR %s\n", name.c_str());
}

static void watch(Model& m, size_t n, int port, int bit_) {
    Probe& p = m.probes[n];
    bool is_event = false;
    const int edge = edge_of(contracts[n], {port, bit_}, is_event);
    Bits value = get(p.inputs[port].bare);
    const int change = bit(value, bit_) ? -1 : 1;
    if (is_event && (edge == 0 || edge == change)) return;
    std::vector<Bits> before;
    for (auto& o : p.outputs) before.push_back(get(o.bare));
    flip(value, bit_);
    set(p.inputs[port].bare, value);
    m.eval();
    ++evaluations;
    for (size_t o = 0; o < p.outputs.size(); ++o) {
        const Bits after = get(p.outputs[o].bare);
        for (int i = 0; i < p.outputs[o].bare.width; ++i)
            if (bit(before[o], i) != bit(after, i)) report_pair(n, p, {port, bit_}, {int(o), i});
    }
    flip(value, bit_);
    set(p.inputs[port].bare, value);
    m.eval();
}

static void pairs(int seeds, int cycles) {
    for (int s = 0; s < seeds; ++s) {
        Model m{2, s * 7919 + 1};
        for (size_t n = 0; n < m.probes.size(); ++n) {
            auto& inputs = m.probes[n].inputs;
            for (auto& i : inputs) set(i.bare, random_bits(i.bare.width));
            for (auto& r : contracts[n].rare) set(inputs[r.first].bare, {r.second});
        }
        m.eval();
        for (int c = 0; c < cycles; ++c) {
            for (size_t n = 0; n < m.probes.size(); ++n) {
                Probe& p = m.probes[n];
                for (size_t i = 0; i < p.inputs.size(); ++i) {
                    bool clock = false, reset = false;
                    for (auto& k : contracts[n].clocks) clock |= k.first.first == int(i);
                    for (auto& k : contracts[n].resets) reset |= k.first.first == int(i);
                    Bits value = get(p.inputs[i].bare);
                    const auto rare = contracts[n].rare.find(int(i));
                    if (rare != contracts[n].rare.end()) {
                        value[0] = (s % 8 == 0 && c < 4) || draw() % 256 == 0 ? !rare->second : rare->second;
                    } else if (clock) {
                        for (auto& word : value) word ^= draw() % 4 ? 1u : static_cast<uint32_t>(draw());
                        if (p.inputs[i].bare.width % 32) value.back() &= (1u << (p.inputs[i].bare.width % 32)) - 1;
                    } else if (reset ? draw() % 8 == 0 : draw() % 2) {
                        value = random_bits(p.inputs[i].bare.width);
                    }
                    set(p.inputs[i].bare, value);
                }
            }
            m.eval();
            for (size_t n = 0; n < m.probes.size(); ++n)
                for (size_t i = 0; i < m.probes[n].inputs.size(); ++i) {
                    const int width = m.probes[n].inputs[i].bare.width;
                    for (int k = 0; k < (width == 1 ? 1 : 4); ++k) watch(m, n, int(i), int(draw() % width));
                }
            if (m.context->gotFinish()) break;
        }
    }
    for (auto& name : seen_pairs) std::printf("SEEN %s\n", name.c_str());
    std::printf("EVALUATIONS %ld\n", evaluations);
}

// -- drive

struct Driver {
    Model& m;
    size_t n;
    Probe& p;
    const Contract& c;
    std::vector<Bits> direct, held, now;  // At the parent's inputs, in its registers, and both together.
    long compared = 0, wrong = 0;

    Driver(Model& m_, size_t n_) : m{m_}, n{n_}, p{m_.probes[n_]}, c{contracts[n_]} {}

    bool is_clock(int port) const {
        for (auto& k : c.clocks)
            if (k.first.first == port) return true;
        return false;
    }
    bool is_reset(int port) const {
        for (auto& k : c.resets)
            if (k.first.first == port) return true;
        return false;
    }
    void combine() {
        for (size_t i = 0; i < p.inputs.size(); ++i)
            for (size_t w = 0; w < now[i].size(); ++w) now[i][w] = direct[i][w] ^ held[i][w];
    }
    void apply(int port) { set(p.inputs[port].bare, now[port]); }
    void apply_bits(const std::set<BitName>& bits) {
        for (auto& b : bits) {
            Bits value = get(p.inputs[b.first].bare);
            if (bit(value, b.second) != bit(now[b.first], b.second)) flip(value, b.second);
            set(p.inputs[b.first].bare, value);
        }
    }
    void start() {
        for (auto& i : p.inputs) {
            direct.push_back(random_bits(i.bare.width));
            held.push_back(Bits(direct.back().size()));
        }
        for (auto& k : c.clocks)
            if (bit(direct[k.first.first], k.first.second) != (k.second < 0)) flip(direct[k.first.first], k.first.second);
        // A reset that is active at the first evaluation may or may not have an edge: that is the driver's to settle.
        for (auto& k : c.resets)
            if (k.second && bit(direct[k.first.first], k.first.second) == (k.second > 0))
                flip(direct[k.first.first], k.first.second);
        now = direct;
        for (size_t i = 0; i < p.inputs.size(); ++i) {
            set(p.inputs[i].direct, direct[i]);
            set(p.inputs[i].next, held[i]);
            apply(int(i));
        }
    }
    void check(const BitName& o, long step, const char* what) {
        ++compared;
        const bool bare = bit(get(p.outputs[o.first].bare), o.second);
        const bool whole = bit(get(p.outputs[o.first].whole), o.second);
        if (bare != whole && ++wrong < 3)
            std::printf("DIFFERS %s %s %d %s %ld\n", p.name.c_str(), p.outputs[o.first].name.c_str(), o.second, what, step);
    }
    void compare(long step) {
        std::set<BitName> coned;
        if (c.kind == "general" || c.kind == "comb") {
            for (size_t i = 0; i < p.inputs.size(); ++i) apply(int(i));
            m.eval();
        } else {
            for (auto& cone : c.cones) coned.insert(cone.outputs.begin(), cone.outputs.end());
        }
        for (size_t o = 0; o < p.outputs.size(); ++o)
            for (int i = 0; i < p.outputs[o].bare.width; ++i)
                if (!coned.count({int(o), i})) check({int(o), i}, step, "state");
        if (coned.empty()) return;
        for (auto& cone : c.cones) {
            apply_bits(cone.inputs);
            m.eval();
            for (auto& o : cone.outputs) check(o, step, "cone");
        }
    }
    void change_data(bool resets) {
        for (size_t i = 0; i < p.inputs.size(); ++i) {
            if (is_clock(int(i)) || is_reset(int(i)) != resets || draw() % 2) continue;
            if (c.rare.count(int(i))) {
                direct[i][0] = draw() % 64 == 0 ? !c.rare.at(int(i)) : c.rare.at(int(i));
            } else if (draw() % 2) {
                direct[i] = random_bits(p.inputs[i].bare.width);
            } else {
                flip(direct[i], int(draw() % p.inputs[i].bare.width));
            }
            set(p.inputs[i].direct, direct[i]);
        }
        m.eval();
        combine();
        after_change(resets);
    }
    // What the contract asks for when inputs that aren't clocks have changed.
    void after_change(bool resets) {
        if (c.kind == "general") {
            for (size_t i = 0; i < p.inputs.size(); ++i) apply(int(i));
            m.eval();
        } else if (resets && c.kind == "step") {
            for (auto& k : c.resets) apply_bits({k.first});
            m.eval();
        }
    }
    void tick() {
        auto chosen = c.clocks.begin();
        std::advance(chosen, draw() % c.clocks.size());
        const BitName clock = chosen->first;
        const std::vector<Bits> old = now, old_held = held;
        for (size_t i = 0; i < p.inputs.size(); ++i) {
            if (c.rare.count(int(i))) continue;
            const bool is_data = !is_clock(int(i)) && !is_reset(int(i));
            if (is_data ? draw() % 2 : is_reset(int(i)) ? draw() % 8 == 0 : c.clocks.size() > 1 && draw() % 8 == 0)
                held[i] = random_bits(p.inputs[i].bare.width);
            set(p.inputs[i].next, held[i]);
        }
        flip(direct[clock.first], clock.second);
        set(p.inputs[clock.first].direct, direct[clock.first]);
        m.eval();
        const bool rising = bit(direct[clock.first], clock.second);
        // The bare instance: first the clock with the inputs as they were, then what the registers changed.
        now = old;
        flip(now[clock.first], clock.second);
        if (c.kind == "general") {
            apply(clock.first);
            m.eval();
        } else if (c.kind == "step" && (chosen->second > 0) == rising) {
            Bits idle = now[clock.first];
            flip(idle, clock.second);
            set(p.inputs[clock.first].bare, idle);
            if (c.settle)
                for (size_t i = 0; i < p.inputs.size(); ++i)
                    if (int(i) != clock.first) apply(int(i));
            m.eval();
            for (size_t i = 0; i < p.inputs.size(); ++i)
                if (int(i) != clock.first) apply(int(i));
            apply(clock.first);
            m.eval();
        }
        combine();
        bool reset = false;
        for (auto& k : c.resets) reset |= bit(old_held[k.first.first], k.first.second) != bit(held[k.first.first], k.first.second);
        if (c.kind == "general" || reset) after_change(reset);
    }
    void step(long number) {
        const auto what = draw() % 16;
        if (what < 7 || c.clocks.empty()) {
            change_data(false);
        } else if (what < 14) {
            tick();
        } else {
            change_data(true);
        }
        if (draw() % 4) compare(number);
    }
};

static void drive(int seeds, int steps) {
    long compared = 0;
    for (int s = 0; s < seeds; ++s) {
        Model m{s % 2, s + 1};
        std::vector<Driver> drivers;
        for (size_t n = 0; n < m.probes.size(); ++n)
            if (contracts[n].kind != "merged") drivers.emplace_back(m, n);
        for (auto& d : drivers) d.start();
        m.eval();
        for (auto& d : drivers) d.compare(-1);
        for (int k = 0; k < steps; ++k)
            for (auto& d : drivers) d.step(k);
        for (auto& d : drivers) compared += d.compared;
    }
    std::printf("COMPARED %ld\n", compared);
}

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    read_contracts(argv[2]);
    const std::string what = argv[1];
    if (what == "pairs") {
        pairs(std::atoi(argv[3]), std::atoi(argv[4]));
    } else {
        drive(std::atoi(argv[3]), std::atoi(argv[4]));
    }
    return 0;
}
