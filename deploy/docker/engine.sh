#!/bin/bash
# Starts and ends a container engine; without one, the exit code is 3 and the last line says why.
#   engine.sh start        finds the engine that runs, or installs and starts Debian's when we are root, and prints its process id
#   engine.sh stop [PID]   sweeps, and ends the engine if `start` began it, and it is PID where one is given
#   engine.sh sweep        removes what killed tests of this checkout left behind
#   engine.sh checkout     prints what those of this checkout are named by, unless SUMMIT_CHECKOUT names another
set -u
noted=/run/summit-engine.pid # which engine is ours to end
log=${DOCKERD_LOG:-/tmp/dockerd.log}
pid_file=/var/run/docker.pid

answers() { docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
refuse() { echo "no container engine: $*" >&2; exit 3; }

install() {
  command -v dockerd >/dev/null && command -v debootstrap >/dev/null && return
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -y -qq --no-install-recommends docker.io debootstrap >/dev/null \
    || refuse "docker.io cannot be installed"
}

forget_dead_pid() { # a daemon that was killed leaves its file behind, and an immediate start would die of it
  case "$(awk '{print $2, $3}' "/proc/$(cat $pid_file 2>/dev/null || echo none)/stat" 2>/dev/null)" in
    "(dockerd) Z" | "") rm -f $pid_file ;;
    "(dockerd) "*) sleep 3 ;; # it is on its way out
    *) rm -f $pid_file ;;
  esac
}

start() {
  answers && return
  [ "$(id -u)" = 0 ] || refuse "none answers, and only root can start one"
  install
  for _ in 1 2 3; do
    forget_dead_pid
    answers && return
    # The daemon outlives this script, and must not hold its output or its locks open.
    setsid nohup dockerd --mtu 1400 >"$log" 2>&1 </dev/null 9>&- &
    local daemon=$!
    for _ in $(seq 150); do
      if answers; then echo $daemon | tee $noted; return; fi
      kill -0 $daemon 2>/dev/null || break
      sleep 0.2
    done
  done
  tail -20 "$log" >&2
  refuse "dockerd does not start, see $log"
}

checkout() {
  echo "${SUMMIT_CHECKOUT:-$(cd "$(dirname "$0")/../.." && printf %s "$(pwd -P)" | sha256sum | cut -c1-8)}"
}

sweep() { # after a run that was killed; a run that ends has removed its own
  answers || return 0
  for label in "summit.tests=$(checkout)" "com.docker.compose.project=summit-tests-$(checkout)"; do
    docker ps -aq --filter label=$label | xargs -r docker rm -fv >/dev/null
    docker network ls -q --filter label=$label | xargs -r docker network rm >/dev/null
    docker volume ls -q --filter label=$label | xargs -r docker volume rm >/dev/null
  done
}

stop() {
  sweep
  [ -f $noted ] || return 0
  local daemon
  daemon=$(cat $noted)
  [ "${1:-$daemon}" = "$daemon" ] || return 0
  rm -f $noted
  [ "$(cat "/proc/$daemon/comm" 2>/dev/null)" = dockerd ] || return 0
  kill "$daemon"
  for _ in $(seq 150); do
    kill -0 "$daemon" 2>/dev/null || return 0
    sleep 0.2
  done
}

case "${1:-}" in
  start | stop | sweep | checkout) "$@" ;;
  *) sed -n 3,6p "$0" >&2; exit 2 ;;
esac
