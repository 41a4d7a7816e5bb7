#ifndef SDWAN_CZLIB_SHIM_H
#define SDWAN_CZLIB_SHIM_H

#include <zlib.h>

// deflateInit2 is a macro, which Swift does not import.
static inline int sdwan_deflate_init_raw(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
}

#endif
