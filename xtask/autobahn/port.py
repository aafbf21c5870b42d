"""Makes the installed Autobahn test suite, which is Python 2, run on Python 3.

The cases stay as they are written; only the language is translated (fissix, the maintained
2to3). Python 2 kept bytes in strings. Here a string's characters stand for those bytes, one
each (Latin-1): the sources are read that way, and `run.py` turns strings into bytes and back
where they meet the wire.
"""

import re
import sys
import sysconfig
from pathlib import Path

from fissix.refactor import RefactoringTool

FIXES = ["dict", "except", "has_key", "print", "raise", "xrange", "unicode", "ne", "import"]

# What the translation cannot know: file, what stands there, what has to stand there.
PATCHES = [
    # Of the parts that are not used: reports as HTML, TLS, the suite's own web server.
    ("fuzzing.py", "textwrap, pkg_resources", "textwrap"),
    ("fuzzing.py", "from twisted.internet import reactor, ssl", "from twisted.internet import reactor"),
    ("fuzzing.py", r"ssl\.ClientContextFactory\(\)", "None"),
    (
        "fuzzing.py",
        r"from \.report import CSS_COMMON, \\\s*CSS_DETAIL_REPORT, \\\s*CSS_MASTER_REPORT, \\\s*JS_MASTER_REPORT",
        "",
    ),
    # Options that the WebSocket library has no more.
    ("fuzzing.py", "debug = debug, debugCodePaths = debug", ""),
    # A case that the suite itself leaves out, and those of compression, which Salon has not.
    ("case/__init__.py", r"^from \.case9_9_1 import \*$", ""),
    (
        "case/__init__.py",
        r"^from \.case12_x_x import \*$",
        "Case12_X_X, Case13_X_X, Case12_X_X_CaseSubCategories, Case13_X_X_CaseSubCategories = [], [], {}, {}",
    ),
    # In Python 2 a class without a base was of another kind; now one base is enough.
    ("case/*.py", r"\(object, Case, \)", "(Case, )"),
    # Whole numbers were divided to whole numbers.
    ("case/*.py", r"len\(self\.payload\) / ", "len(self.payload) // "),
    # The hexadecimal digits of bytes, as text.
    ("case/*.py", r"binascii\.b2a_hex\(", "hexadecimal("),
    ("case/*.py", r"^import binascii$", "from library import hexadecimal"),
    # Text as its UTF-8, byte by byte. The language's own codec takes no surrogates any more.
    ("case/*.py", r"\.encode\(\"utf-8\"\)", ".encode('utf-8', 'surrogatepass').decode('latin-1')"),
]


def translate(tool, file):
    source = file.read_bytes().decode("latin-1").replace("\r\n", "\n")
    # The declared encoding would now be wrong, and what is written is UTF-8.
    source = re.sub(r"^#.*coding[:=].*$", "#", source, count=1, flags=re.M)
    return str(tool.refactor_string(source.rstrip() + "\n", str(file)))


def main(package):
    tool = RefactoringTool([f"fissix.fixes.fix_{name}" for name in FIXES])
    files = [*sorted(package.glob("case/*.py")), package / "caseset.py", package / "fuzzing.py"]
    texts = {file: translate(tool, file) for file in files}
    for glob, old, new in PATCHES:
        pattern, hits = re.compile(old, re.M), 0
        for file in texts:
            if file.relative_to(package).match(glob):
                texts[file], count = pattern.subn(lambda _: new, texts[file])
                hits += count
        if not hits:
            sys.exit(f"port.py: nothing in {glob} is `{old}`")
    for file, text in texts.items():
        file.write_text(text, encoding="utf-8")
    # What the two packages import first is everything else that they can do.
    (package / "__init__.py").write_text("from autobahntestsuite._version import __version__\nversion = __version__\n")
    (package.parent / "autobahn/twisted/__init__.py").write_text("")


if __name__ == "__main__":
    main(Path(sysconfig.get_path("purelib")) / "autobahntestsuite")
