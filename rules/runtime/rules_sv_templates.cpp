#include "rules_sv_templates.h"

#ifdef __GLIBCXX__
template class std::deque<std::uint8_t>;
template class std::deque<std::uint16_t>;
template class std::deque<std::uint32_t>;
template class std::deque<std::uint64_t>;
#endif
