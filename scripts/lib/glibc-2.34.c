// What the static libraries want of a glibc newer than provided.al2023's 2.34. Linked into every bootstrap; hidden,
// so that nothing outside the program is bound to these.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#define HIDDEN __attribute__((visibility("hidden")))

// FoundationEssentials wants the hypotf of 2.35, which differs from the older one in errno alone. The square of a float
// fits a double, so there is nothing to scale.
HIDDEN float hypotf(float x, float y) {
  if (isinf(x) || isinf(y)) return INFINITY;
  return (float)sqrt((double)x * x + (double)y * y);
}

// libstdc++'s random_device wants the arc4random of 2.36.
HIDDEN uint32_t arc4random(void) {
  uint32_t number;
  if (getentropy(&number, sizeof number) != 0) abort();
  return number;
}

#ifdef DLFO_STRUCT_HAS_EH_DBASE
// libgcc's unwinder, built beside a newer glibc, wants the _dl_find_object of 2.35; dl_iterate_phdr tells the same.
struct search {
  ElfW(Addr) address;
  struct dl_find_object *found;
};

static int look_into(struct dl_phdr_info *object, size_t size, void *context) {
  (void)size;
  struct search *search = context;
  void *unwind_table = NULL;
  int is_it = 0;
  for (int i = 0; i < object->dlpi_phnum; i++) {
    const ElfW(Phdr) *part = &object->dlpi_phdr[i];
    ElfW(Addr) start = object->dlpi_addr + part->p_vaddr;
    if (part->p_type == PT_GNU_EH_FRAME) unwind_table = (void *)start;
    if (part->p_type != PT_LOAD || search->address < start || search->address >= start + part->p_memsz) continue;
    is_it = 1;
    search->found->dlfo_map_start = (void *)start;
    search->found->dlfo_map_end = (void *)(start + part->p_memsz);
  }
  search->found->dlfo_eh_frame = unwind_table;
  return is_it && unwind_table;
}

HIDDEN int _dl_find_object(void *address, struct dl_find_object *found) {
  struct search search = {(ElfW(Addr))address, found};
  found->dlfo_flags = 0;
  found->dlfo_link_map = NULL;
  return dl_iterate_phdr(look_into, &search) ? 0 : -1;
}
#endif
