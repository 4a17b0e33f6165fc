// Included before everything else when a model is compiled (-include): what functions of Verilator's headers need of
// queues and dynamic arrays, whether a model has any or not. The runtime has it once; to make it for each translation
// unit takes as long as compiling 50 kB of a model.
#ifndef RULES_SV_TEMPLATES_H_
#define RULES_SV_TEMPLATES_H_

#ifdef __cplusplus
#include <cstdint>
#include <deque>
// The GNU library leaves them to whoever needs them; of others nothing is known.
#ifdef __GLIBCXX__
extern template class std::deque<std::uint8_t>;
extern template class std::deque<std::uint16_t>;
extern template class std::deque<std::uint32_t>;
extern template class std::deque<std::uint64_t>;
#endif
#endif

#endif  // RULES_SV_TEMPLATES_H_
