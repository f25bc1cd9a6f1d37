#!/usr/bin/env bash
# gitignore-to-dockerignore 3.0.0 (npm), with git and @balena/dockerignore 1.0.2 (npm) as witnesses. Node.js 20 or newer.
#
# Input: a .gitignore of two lines, `config/local.json` and `docs/*.pdf`, and a project that has both of them at its top and below src/.
# Guess: `config/local.json` and `docs/*.pdf`, so that the image lacks what the repository lacks.
# Seen: `**/config/local.json` and `**/docs/*.pdf`. Git ignores the two at the top; the image lacks the two below src/ as well, which are a part of the
# program. The build says nothing; the container starts and does not find its file.
# Expected: gitignore(5), PATTERN FORMAT: a separator at the beginning or in the middle makes a pattern relative to the .gitignore's own folder; only one without
# such a separator matches at any depth. A line with a leading slash, which says the same, is converted as it should be.
#
# Exit status 0: this is still so. 1: it is not, look again.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts gitignore-to-dockerignore@3.0.0 @balena/dockerignore@1.0.2 >/dev/null 2>&1
mkdir -p project/config project/docs project/src/config project/src/docs
touch project/{,src/}config/local.json project/{,src/}docs/guide.pdf
printf 'config/local.json\ndocs/*.pdf\n' > project/.gitignore
git -C project init --quiet
echo "git: $(git -C project ls-files --others --exclude-standard | grep -v gitignore | xargs)" > seen
cat > convert.js <<'JS'
const fs = require('fs');
const { convertToDockerignore } = require('gitignore-to-dockerignore');
const ignore = require('@balena/dockerignore');
const files = ['config/local.json', 'docs/guide.pdf', 'src/config/local.json', 'src/docs/guide.pdf'];
(async () => {
  const lines = (await convertToDockerignore(fs.readFileSync('project/.gitignore', 'utf8'))).split('\n');
  console.log('lines:', lines.filter((line) => line && line !== '.git/').join(' '));
  console.log('image:', ignore().add(lines).filter(files).join(' '));
})();
JS
node convert.js >> seen
cat seen
cat > expected <<'TEXT'
git: src/config/local.json src/docs/guide.pdf
lines: **/config/local.json **/docs/*.pdf
image: 
TEXT
cmp -s expected seen || { echo "the lines are converted in another way now"; exit 1; }
