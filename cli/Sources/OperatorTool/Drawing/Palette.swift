/// The colours of pictures and reports. Text has a contrast of 4.5 to its ground at least and lines 3, in the light and in the
/// dark (WCAG 2.2, 1.4.3 and 1.4.11).
enum Palette {
  static let style = """
    :root { color-scheme: light dark; --ground: #ffffff; --box: #f4f5f7; --text: #1f2328; --dim: #57606a; --line: #6e7781;
      --well: #1a7f37; --poor: #8a5a00; --ill: #c21f2b; }
    @media (prefers-color-scheme: dark) {
      :root { --ground: #0d1117; --box: #21262d; --text: #e6edf3; --dim: #9ea7b3; --line: #8b949e;
        --well: #56d364; --poor: #e3b341; --ill: #ff8078; }
    }
    """
}
