#!/bin/sh
# The packages superpose stands on: says which, finds what is missing, installs it where that is apt's job.
#
#   packaging/deps.sh GROUP…           prints the list, installs what is missing (apt), or names it (dnf, pacman, brew)
#   packaging/deps.sh --check GROUP…   only says what is missing; fails where something is
#
# Groups: build (superpose), render (figures, the viewer), test (make test), check (make check), peers (make bench-peers).
# To add a package: one line in the table. A probe says how to see that it is there, on any system.
set -u

# group | probe | Debian, Ubuntu | Fedora | Arch | Homebrew
table() {
    cat <<'TABLE'
build  | compiler               | gcc libc6-dev      | gcc                 | gcc           | gcc
build  | program:pkg-config     | pkg-config         | pkgconf-pkg-config  | pkgconf       | pkgconf
build  | library:gsl            | libgsl-dev         | gsl-devel           | gsl           | gsl
build  | library:yaml-0.1       | libyaml-dev        | libyaml-devel       | libyaml       | libyaml
build  | library:sqlite3        | libsqlite3-dev     | sqlite-devel        | sqlite        | sqlite
build  | library:libzip         | libzip-dev         | libzip-devel        | libzip        | libzip
build  | library:jansson        | libjansson-dev     | jansson-devel       | jansson       | jansson
build  | library:libxxhash      | libxxhash-dev      | xxhash-devel        | xxhash        | xxhash
render | library:cairo          | libcairo2-dev      | cairo-devel         | cairo         | cairo
render | library:pangocairo     | libpango1.0-dev    | pango-devel         | pango         | pango
render | library:libpng         | libpng-dev         | libpng-devel        | libpng        | libpng
render | library:sdl2           | libsdl2-dev        | SDL2-devel          | sdl2          | sdl2
render | font:Inter             | fonts-inter        | rsms-inter-fonts    | inter-font    | font-inter
render | font:DejaVu Sans       | fonts-dejavu-core  | dejavu-sans-fonts   | ttf-dejavu    | font-dejavu
test   | library:criterion      | libcriterion-dev   | criterion-devel     | criterion     | criterion
test   | program:ffmpeg         | ffmpeg             | ffmpeg-free         | ffmpeg        | ffmpeg
test   | python:numpy           | python3-numpy      | python3-numpy       | python-numpy  | numpy
check  | program:clang          | clang              | clang               | clang         | llvm
check  | program:clang-format   | clang-format       | clang-tools-extra   | clang         | clang-format
check  | program:clang-tidy     | clang-tidy         | clang-tools-extra   | clang         | llvm
check  | program:cppcheck       | cppcheck           | cppcheck            | cppcheck      | cppcheck
check  | program:Xvfb           | xvfb               | xorg-x11-server-Xvfb | xorg-server-xvfb | xorg-server
check  | program:xdotool        | xdotool            | xdotool             | xdotool       | xdotool
check  | program:compare        | imagemagick        | ImageMagick         | imagemagick   | imagemagick
check  | fuzzer                 | libclang-rt-N-dev  | compiler-rt         | compiler-rt   | llvm
peers  | python:numpy           | python3-numpy      | python3-numpy       | python-numpy  | numpy
peers  | python:torch           | python3-torch      | python3-torch       | python-pytorch | pytorch
peers  | python:yaml            | python3-yaml       | python3-pyyaml      | python-yaml   | libyaml
peers  | blas                   | libopenblas0-pthread | openblas-threads  | blas-openblas | openblas
TABLE
}

system_name() {
    if command -v apt-get >/dev/null; then echo apt
    elif command -v dnf >/dev/null; then echo dnf
    elif command -v pacman >/dev/null; then echo pacman
    elif command -v brew >/dev/null; then echo brew
    else echo unknown
    fi
}

# Whether the thing behind a probe is on this machine.
is_there() {
    case $1 in
    compiler) echo '#include <stdio.h>' | ${CC:-cc} -E - >/dev/null 2>&1 ;;
    program:pkg-config) command -v "${PKG_CONFIG:-pkg-config}" >/dev/null ;;
    program:*) command -v "${1#program:}" >/dev/null ;;
    library:*) "${PKG_CONFIG:-pkg-config}" --exists "${1#library:}" 2>/dev/null ;;
    font:*) fc-list -q "${1#font:}" 2>/dev/null ;;
    python:*) "${PYTHON:-/usr/bin/python3}" -c \
        "import importlib.util as u, sys; sys.exit(not u.find_spec('${1#python:}'))" 2>/dev/null ;;
    blas) ! "${PYTHON:-/usr/bin/python3}" -c 'import numpy; print(open("/proc/self/maps").read())' 2>/dev/null |
        grep -q '/blas/libblas' ;; # the slow reference
    fuzzer) ls "$(clang -print-resource-dir 2>/dev/null)"/lib/*/libclang_rt.fuzzer* >/dev/null 2>&1 ;;
    esac
}

# clang's runtime is packaged by version: N is that of the default clang.
clang_version() {
    version=$(clang -dumpversion 2>/dev/null | cut -d. -f1)
    [ -n "$version" ] || version=$(apt-cache depends clang 2>/dev/null | sed -n 's/.*Depends: clang-\([0-9]*\)$/\1/p')
    echo "${version:-14}"
}

# The packages of the groups, one a line; with "missing", only those whose probe fails.
packages() {
    case $system in dnf) column=4 ;; pacman) column=5 ;; brew) column=6 ;; *) column=3 ;; esac
    table | while IFS= read -r row; do
        field() { echo "$row" | cut -d'|' -f"$1" | sed 's/^ *//; s/ *$//'; }
        case " $groups " in *" $(field 1) "*) ;; *) continue ;; esac
        [ "$1" = missing ] && is_there "$(field 2)" && continue
        field $column | tr ' ' '\n'
    done | sed "s/-N-/-$(clang_version)-/" | awk '!seen[$0]++' | tr '\n' ' ' | sed 's/ $//'
}

install_command() {
    case $system in
    dnf) echo "sudo dnf install" ;;
    pacman) echo "sudo pacman -S" ;;
    brew) echo "brew install" ;;
    *) echo "sudo apt-get install" ;;
    esac
}

# Runs a command as root: directly, through sudo without a question, or, on a terminal, with one.
as_root() {
    if [ "$(id -u)" = 0 ]; then env "$@"
    elif sudo -n true 2>/dev/null; then sudo -n env "$@"
    elif [ -t 0 ] && command -v sudo >/dev/null; then sudo env "$@"
    else return 1
    fi
}

apt() { as_root DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"; }

# The lists of packages are fetched only where apt does not know a name, or knows an old version.
apt_install() {
    apt-cache show --no-all-versions "$@" >/dev/null 2>&1 || apt update || return 1
    apt install --no-install-recommends "$@" && return
    apt update && apt install --no-install-recommends "$@"
}

stop_with_names() {
    echo "Missing packages: $1"
    echo "Install them:     $(install_command) $1"
    exit 1
}

mode=install
[ "${1:-}" = --check ] && mode=check && shift
groups=${*:-build render test}
system=$(system_name)

[ $mode = install ] && echo "Packages for $groups: $(packages all)"
missing=$(packages missing)
if [ -z "$missing" ]; then
    [ $mode = check ] || echo "All there."
    exit 0
fi
if [ $mode = check ]; then
    echo "superpose cannot be built yet."
    echo "\`make deps\` installs what is missing on Debian and Ubuntu."
    case " $groups " in *" render "*) echo "\`make HEADLESS=1\` does without Cairo, Pango and SDL2." ;; esac
    stop_with_names "$missing"
fi
[ "$system" = apt ] || stop_with_names "$missing"
echo "Missing: $missing"
# shellcheck disable=SC2086  # a list of words
apt_install $missing </dev/null || { echo "apt-get could not install them (root or sudo is needed)."; stop_with_names "$missing"; }
missing=$(packages missing)
[ -z "$missing" ] || { echo "Installed, but still not found:"; stop_with_names "$missing"; }
echo "All there."
