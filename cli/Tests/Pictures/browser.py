"""A page as a browser sees it: what is where, and in which colours."""

import json
import re
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

# The report forbids every script, this one of the test's own too.
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
SECONDS = 120
MEASURE = """
<script id="measure">
const box = e => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.right, b.bottom]; };
const all = q => [...document.querySelectorAll(q)];
const ground = e => {
  const rect = e.closest('.node')?.querySelector('rect.router');
  if (rect && getComputedStyle(rect).fill !== 'none') return getComputedStyle(rect).fill;
  for (let at = e; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (color !== 'rgba(0, 0, 0, 0)') return color;
  }
  const whole = document.querySelector('rect.ground');
  return whole ? getComputedStyle(whole).fill : 'rgb(255, 255, 255)';
};
const hasText = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
const drawn = e => e.getBoundingClientRect().width > 0 && !['TITLE', 'STYLE', 'SCRIPT'].includes(e.tagName.toUpperCase());
const measured = {
  width: document.documentElement.scrollWidth, window: innerWidth,
  nodes: all('.node').map(g => ({name: g.dataset.router, box: box(g.querySelector('rect')), text: box(g.querySelector('text')),
    kind: g.querySelector('rect').getAttribute('class'), mark: !!g.querySelector('.mark')})),
  links: all('.link').map(g => ({name: g.dataset.tunnel, lines: [...g.querySelectorAll('line')].map(box),
    kind: g.querySelector('line').getAttribute('class'), texts: [...g.querySelectorAll('text')].map(box),
    words: g.querySelector('.words')?.textContent ?? '', mark: g.querySelector('.mark')?.getAttribute('d').replace(/[0-9 .-]/g, '') ?? '',
    dashes: getComputedStyle(g.querySelector('line')).strokeDasharray})),
  trunks: all('.trunk').map(box), headings: all('text.heading').map(box),
  colors: all('body *, svg *').filter(e => hasText(e) && drawn(e)).map(e => ({what: e.textContent.slice(0, 40),
    front: e.closest('svg') ? getComputedStyle(e).fill : getComputedStyle(e).color, back: ground(e)})),
  strokes: all('.tunnel, .router, .mark').map(e => ({what: e.getAttribute('class'), front: getComputedStyle(e).stroke,
    back: ground(e.parentElement)})),
  rows: all('#routers tbody tr').map(r => [...r.children].map(c => c.textContent)),
  scripts: all('script').length, handlers: all('*').filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length,
  foreign: all('img, iframe, object, embed, link, base, form, a').length + all('[src], [href]').length,
  text: document.body?.innerText ?? document.documentElement.textContent,
};
const out = document.createElement('pre'); out.id = 'measured'; out.textContent = JSON.stringify(measured);
document.body.append(out);
</script>
"""


@dataclass(frozen=True)
class Browser:
    """A headless Chromium with a profile of its own."""

    folder: Path

    def measure(self, page: str, is_dark: bool = False) -> dict[str, Any]:
        """What is where in a page."""
        file = self.folder / "measured.html"
        page = POLICY.sub("", page)
        file.write_text(page.replace("</body>", MEASURE + "</body>") if "</body>" in page else f"<body>{page}{MEASURE}</body>")
        dumped = self._run(is_dark, "--dump-dom", file.as_uri())
        found = re.search(r'<pre id="measured">(.*?)</pre>', dumped, re.DOTALL)
        assert found, f"the page was not measured: {dumped[:500]}"
        return json.loads(unescape(found[1]))

    def open(self, address: str, seconds: int = 5) -> str:
        """What a page has become when it has been open for so long, by its own clock."""
        return self._run(False, "--dump-dom", f"--virtual-time-budget={seconds * 1000}", address)

    def picture(self, page: Path, image: Path, is_dark: bool = False, height: int = 1000) -> None:
        """A page as PNG."""
        self._run(is_dark, f"--screenshot={image}", f"--window-size=1200,{height}", "--hide-scrollbars", page.as_uri())

    def _run(self, is_dark: bool, *arguments: str) -> str:
        scheme = f"--blink-settings=preferredColorScheme={0 if is_dark else 1}"
        # The pages are the test's own, and root has no sandbox.
        argv = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                f"--user-data-dir={self.folder / 'profile'}",
                "--window-size=1200,1000", scheme, *arguments]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout
