#!/bin/sh
# Checks the Verta chart: lint, render with every values file, package, and on
# request a real installation.
#
#   scripts/helm-test.sh             everything that needs no cluster
#   scripts/helm-test.sh --install   then installs, upgrades and tests a release,
#                                    with helm, in the cluster kubectl speaks to
#
# HELM names the program: helm or verta-render. Without it, the program built
# in target/release or target/debug, else verta-render or helm on the path.
# Where both are there, their output is compared too (OTHER=none: not).
# CHART names another chart; NAMESPACE and RELEASE name what is installed.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
chart=${CHART:-$top/charts/verta}
release=${RELEASE:-verta-test}
namespace=${NAMESPACE:-verta-test}
install=no

for argument in "$@"; do
  case $argument in
    --install) install=yes ;;
    -h | --help)
      sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0"
      exit 0
      ;;
    *)
      echo "unknown argument $argument; --help tells what there is" >&2
      exit 2
      ;;
  esac
done

# Path of the first of these programs that is there.
first_of() {
  for candidate in "$@"; do
    if found=$(command -v "$candidate" 2>/dev/null); then
      echo "$found"
      return
    fi
  done
}

ours=$(first_of "$top/target/release/verta-render" "$top/target/debug/verta-render" verta-render)
helm=${HELM:-$(first_of "$ours" helm)}
if [ -z "$helm" ]; then
  echo "neither verta-render nor helm found; build one (cargo build --release) or set HELM" >&2
  exit 1
fi
case ${OTHER:-} in
  none) other= ;;
  ?*) other=$OTHER ;;
  *)
    case $(basename "$helm") in
      verta-render*) other=$(first_of helm) ;;
      *) other=$ours ;;
    esac
    ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
runs=0

fail() {
  failures=$((failures + 1))
  echo "FAIL $1" >&2
  shift
  for file in "$@"; do
    sed 's/^/     /' "$file" >&2
  done
}

# check NAME ARGUMENT...: the program must succeed.
check() {
  name=$1
  shift
  runs=$((runs + 1))
  if "$helm" "$@" >"$work/out" 2>"$work/err"; then
    return 0
  fi
  fail "$name" "$work/err" "$work/out"
  return 1
}

# render NAME FILE ARGUMENT...: output into FILE, and the same from the other
# program.
render() {
  name=$1
  file=$2
  shift 2
  check "$name" template "$@" || return 0
  cp "$work/out" "$file"
  if ! grep -q '^kind: ' "$file"; then
    fail "$name: no resources"
  fi
  if grep -nE '<no value>|%!|[0-9]e\+[0-9]' "$file" >"$work/odd"; then
    fail "$name: text that no manifest should have" "$work/odd"
  fi
  if [ -n "$other" ]; then
    if ! "$other" template "$@" >"$work/theirs" 2>"$work/err"; then
      fail "$name, $other" "$work/err"
    elif ! cmp -s "$file" "$work/theirs"; then
      diff "$file" "$work/theirs" >"$work/diff" || true
      fail "$name: $helm and $other differ" "$work/diff"
    fi
  fi
}

echo "program: $helm ($("$helm" version --short 2>/dev/null || "$helm" --version))"
[ -z "$other" ] || echo "compared with: $other"

echo "lint"
check "lint --strict" lint --strict "$chart" || true
for values in "$chart"/values-*.yaml "$chart"/ci/*.yaml; do
  [ -e "$values" ] || continue
  check "lint --strict -f ${values##*/}" lint --strict "$chart" -f "$values" || true
done

echo "template"
for values in "$chart"/values.yaml "$chart"/values-*.yaml "$chart"/ci/*.yaml; do
  [ -e "$values" ] || continue
  of=${values##*/}
  render "template -f $of" "$work/plain" "$release" "$chart" -f "$values"
  render "template -f $of, upgrade" "$work/upgrade" "$release" "$chart" -f "$values" --is-upgrade
  render "template -f $of, Prometheus operator" "$work/monitored" "$release" "$chart" -f "$values" -a monitoring.coreos.com/v1
  render "template -f $of, Kubernetes 1.25" "$work/old" "$release" "$chart" -f "$values" --kube-version 1.25.0
done

echo "refused values"
for wrong in backend.replicas=2 secrets.adminKey=x ingress.hosts=one redis.master.persistence.enabled=maybe; do
  if "$helm" template "$release" "$chart" --set "$wrong" >"$work/out" 2>&1; then
    fail "--set $wrong is accepted"
  fi
done

echo "package"
if check package package "$chart" --destination "$work"; then
  archive=$(ls "$work"/*.tgz)
  tar -tzf "$archive" >"$work/names"
  if grep -E '/(ci|tests)/|values-[^/]*\.yaml$|\.tgz$' "$work/names" | grep -v '/templates/tests/' >"$work/odd"; then
    fail "files that do not belong into the package" "$work/odd"
  fi
  render "template of the chart" "$work/directory" "$release" "$chart"
  render "template of the package" "$work/packaged" "$release" "$archive"
  cmp -s "$work/directory" "$work/packaged" || fail "the package renders otherwise than the chart"
fi

if [ "$install" = yes ]; then
  echo "install"
  real=$(case $(basename "$helm") in verta-render*) first_of helm ;; *) echo "$helm" ;; esac)
  if [ -z "$real" ] || ! command -v kubectl >/dev/null || ! kubectl version >/dev/null 2>&1; then
    echo "an installation needs helm, kubectl and a cluster" >&2
    exit 1
  fi
  cleanup() {
    "$real" uninstall "$release" --namespace "$namespace" >/dev/null 2>&1 || true
    rm -rf "$work"
  }
  trap cleanup EXIT
  set -- "$release" "$chart" --namespace "$namespace" -f "$chart/values-dev.yaml" \
    --set "secrets.adminApiKey=${ADMIN_API_KEY:-test}" \
    --set "secrets.databaseUrl=${DATABASE_URL:?names the database of the test installation}" \
    --timeout "${TIMEOUT:-20m}" --wait
  if "$real" install "$@" --create-namespace &&
    "$real" upgrade "$@" --set config.logLevel=info &&
    "$real" test "$release" --namespace "$namespace" --logs; then
    echo "installed, upgraded and tested"
  else
    kubectl --namespace "$namespace" get pods,events >&2 || true
    fail "installation"
  fi
fi

if [ "$failures" -gt 0 ]; then
  echo "$failures checks failed" >&2
  exit 1
fi
echo "all good: $runs runs"
