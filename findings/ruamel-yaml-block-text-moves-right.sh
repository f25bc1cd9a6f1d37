#!/usr/bin/env bash
# ruamel.yaml 0.19.1 (PyPI), with PyYAML 6.0.3 (PyPI) as a witness. Python 3.11 or newer.
#
# Input: a workflow that is read and written again by YAML() with indent(mapping=4, sequence=6, offset=4). One `run: |` begins with an empty line, one with a
# line that is further in than the next (`    usage` above `options`), as a here-document or a help text is.
# Guess: the same file with other indentation, and the same texts in it.
# Seen: both texts have two blanks more at the beginning of every line when they are read again, by ruamel.yaml itself and by the witness: the writer puts the
# indentation indicator 2 behind the bar and indents the text by four. With an indentation of two it is right; a text that begins with an
# ordinary line is right always. Nothing is raised: here-documents, Makefiles and Python in such a step break at run time.
# Expected: YAML 1.2.2, 8.1.1.1: the indicator is the number of blanks that are the indentation, what is more belongs to the text. ruamel.yaml's
# documentation gives these numbers of indent() as an example and round trips as its aim.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv v >/dev/null
v/bin/pip install --quiet --disable-pip-version-check ruamel.yaml==0.19.1 pyyaml==6.0.3 2>/dev/null
cat > again.py <<'PY'
import io
import yaml
from ruamel.yaml import YAML

SOURCE = """\
plain:
  run: |
    echo one
empty:
  run: |

    echo two
inner:
  run: |2
        usage
      options
"""
for mapping, sequence, offset in ((2, 4, 2), (4, 6, 4)):
    editor = YAML()
    editor.indent(mapping=mapping, sequence=sequence, offset=offset)
    written = io.StringIO()
    editor.dump(editor.load(SOURCE), written)
    before, after, witness = yaml.safe_load(SOURCE), YAML().load(written.getvalue()), yaml.safe_load(written.getvalue())
    for name in before:
        print(mapping, name, repr(before[name]["run"]), repr(str(after[name]["run"])), after[name]["run"] == witness[name]["run"])
PY
v/bin/python again.py | tee seen
cat > expected <<'TEXT'
2 plain 'echo one\n' 'echo one\n' True
2 empty '\necho two\n' '\necho two\n' True
2 inner '    usage\n  options\n' '    usage\n  options\n' True
4 plain 'echo one\n' 'echo one\n' True
4 empty '\necho two\n' '\n  echo two\n' True
4 inner '    usage\n  options\n' '      usage\n    options\n' True
TEXT
cmp -s expected seen || { echo "ruamel.yaml writes something else now"; exit 1; }
