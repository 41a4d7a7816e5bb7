# shellcheck shell=bash
# How a bootstrap is linked and stripped; sourced, not run.

# link_options LIBRARIES - sets the array `link_options` for `swift build`. LIBRARIES is a folder made by static-libcurl;
# empty: the system's shared libraries. These options stay out of Package.swift: a developer's build is as ever. They
# want a scratch folder of their own.
link_options() {
  # All shared libraries are the system's: the dynamic linker need not look for them in a dozen folders beside the
  # program first, 24 system calls of every cold start. And nobody unwinds a bootstrap's stack, for nothing in it throws
  # C++ exceptions: it has no index of the unwinder's table, which strip_bootstrap takes out.
  link_options=(-c release --static-swift-stdlib --disable-local-rpath -Xlinker --no-eh-frame-hdr)
  [[ $1 ]] || return 0
  # First: a package may bring libraries of its own.
  export PKG_CONFIG_PATH="$1/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}"
  link_options+=(
    # Before the system's folders, for libstdc++.
    -Xlinker "-L$1/lib" -Xlinker "$1/lib/glibc-2.34.o" -Xswiftc -Xclang-linker -Xswiftc -static-libgcc
    # 56,000 relocations less, about a millisecond of every cold start. It gives up a random address for the program's
    # own code and data; libc, heap, stack and mappings keep theirs. All that reaches the program's C code comes from
    # Lambda itself or from AWS over verified TLS, and no other user shares its sandbox.
    -Xswiftc -Xclang-linker -Xswiftc -no-pie
    # Nobody looks a symbol up in a bootstrap, so the dynamic linker need not know any.
    -Xlinker --no-export-dynamic)
}

# strip_bootstrap PROGRAM BOOTSTRAP - without the unwinder's table, half a megabyte of a package, and without the two
# sections that hold hashes of the folder in which it was built.
strip_bootstrap() {
  strip --remove-section=.eh_frame --remove-section=.swift_modhash --remove-section=.note.gnu.build-id -o "$2" "$1"
}
