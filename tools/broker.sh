#!/usr/bin/env bash
# A real single-node Apache Kafka (KRaft) on this machine.
#
#   tools/broker.sh start [--port N] [--dir D] [--fresh] [--brief] [--listener NAME[:N]...] [--properties FILE]
#                                                          prints host:port on stdout once the broker answers
#   tools/broker.sh stop [--dir D]                         lets it finish
#   tools/broker.sh kill [--dir D]                         does not
#
# The directory holds the data, the log and the pid. Port 0 is the port the directory had before, or a free one; --fresh
# forgets the data first. Further listeners have ports of their own, each printed on a line as NAME=host:port; clients are
# told to come to the port after the colon, if there is one. Properties are added to the broker's, whose last word
# counts. --brief is for a test: the broker starts with two thirds of the processor's time, and is never as fast as it
# could become. Starting a broker that runs is no error. Its jars come by Maven once and are kept in the cache directory
# of the user.
set -euo pipefail

root="$(dirname "$(dirname "$(readlink -f "$0")")")"
version="$(sed -n '/kafka_2.13/{n;s/.*<version>\(.*\)<.*/\1/p}' "$root/tools/kafka/pom.xml")"
libs="${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/levada/kafka-$version"

say() { echo "broker: $*" >&2; }
fail() { say "$*"; exit 1; }

fetch_jars() {
  [[ -d "$libs" ]] && return
  say "fetching Apache Kafka $version into $libs"
  local work="$libs.$$"
  mkdir -p "$work"
  cp "$root/tools/kafka/pom.xml" "$work/"
  (cd "$work" && mvn -q -B -ntp -Dstyle.color=never dependency:copy-dependencies -DincludeScope=runtime \
    -DoutputDirectory="$work/libs") >&2 || { rm -rf "$work"; fail "Maven could not fetch Apache Kafka"; }
  mv -T "$work/libs" "$libs" 2>/dev/null || [[ -d "$libs" ]]
  rm -rf "$work"
}

# The pid of the broker of this directory, if it runs: a number from an older boot may belong to another program now.
running_pid() {
  local pid; pid="$(cat "$dir/pid" 2>/dev/null)" || return 1
  { tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF "$dir/broker.properties"; } 2>/dev/null && echo "$pid"
}

# A process that is being killed has no command line any more while it still holds its locks.
is_gone() { ! grep -qsE '^State:[[:space:]]+[^ZX]' "/proc/$1/status"; }

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Sets the variable of that name to a port that nobody listens on, and that was not chosen here before.
chosen=" "
choose_free_port() {
  local candidate
  while :; do
    candidate=$((20000 + RANDOM % 10000))
    [[ "$chosen" != *" $candidate "* ]] && ! is_listening "$candidate" && break
  done
  chosen+="$candidate "
  printf -v "$1" %s "$candidate"
}

# A broker that was just killed holds its port a moment longer.
await_free_port() {
  local deadline=$((SECONDS + 5))
  while is_listening "$port"; do
    [[ $SECONDS -lt $deadline ]] || fail "port $port is in use by another program"
    sleep 0.1
  done
}

choose_port() {
  if [[ "$port" == 0 && -s "$dir/port" ]]; then port="$(<"$dir/port")"; fi
  if [[ "$port" == 0 ]]; then choose_free_port port; fi
  chosen+="$port "
}

write_config() {
  local controller_port listener name own advertised listening="" telling=""
  choose_free_port controller_port
  : >"$dir/listeners"
  for listener in "${listeners[@]}"; do
    name="${listener%%:*}" advertised="${listener#"$name"}"
    choose_free_port own
    listening+=",$name://127.0.0.1:$own" telling+=",$name://127.0.0.1${advertised:-:$own}"
    echo "$name=127.0.0.1:$own" >>"$dir/listeners"
  done
  cat "$root/tools/kafka/broker.properties" ${properties:+"$properties"} - >"$dir/broker.properties" <<END
listeners=PLAINTEXT://127.0.0.1:$port$listening,CONTROLLER://127.0.0.1:$controller_port
advertised.listeners=PLAINTEXT://127.0.0.1:$port$telling
controller.quorum.voters=1@127.0.0.1:$controller_port
log.dirs=$dir/data
END
}

java_options=(
  -Xms256m -Xmx768m -Djava.net.preferIPv4Stack=true -Djava.awt.headless=true
  -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.log.kafka.server=info
  -Dorg.slf4j.simpleLogger.showDateTime=true "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS"
  -cp "$libs/*"
)
# A process of some seconds, or of a test, is over before thorough compilation or a second thread for garbage pays.
brief_options=(-XX:TieredStopAtLevel=1 -XX:+UseSerialGC)

format_storage() {
  [[ -e "$dir/data/meta.properties" ]] && return
  java "${java_options[@]}" "${brief_options[@]}" kafka.tools.StorageTool format --cluster-id bGV2YWRhLWJyb2tlcl9fXw \
    --config "$dir/broker.properties" >"$dir/format.log" 2>&1 || fail "cannot format $dir/data: $(cat "$dir/format.log")"
}

# What is logged of a session's end is not written yet; the second image published after that has it.
session_is_over() { [[ "$(sed -n '/Fencing broker 1 /,$p' "$1" 2>/dev/null | grep -c "publishing new image")" -ge 2 ]]; }

# A killed broker that is back before its session ends leads its partitions until then, without being reachable. When
# the session does end, Kafka 4.3.1 takes the partitions that have no leader now for deleted ones, and calls
# transactions complete that it has not told them of: their readers wait for ever, or get with the producer's next
# transaction what was aborted. So let a controller alone end the session first.
end_session() {
  [[ -e "$dir/data/meta.properties" && ! -e "$dir/data/.kafka_cleanshutdown" ]] || return 0
  local pid log="$dir/controller.log" deadline=$((SECONDS + 60))
  grep -v '^advertised' "$dir/broker.properties" | cat - <(echo "
process.roles=controller
listeners=$(grep -oE 'CONTROLLER://[0-9.:]+' "$dir/broker.properties")
broker.session.timeout.ms=500
broker.heartbeat.interval.ms=250") >"$dir/controller.properties"
  rm -f "$log"  # of the last time
  java "${java_options[@]}" "${brief_options[@]}" \
    -Dorg.slf4j.simpleLogger.log.org.apache.kafka.controller=info \
    -Dorg.slf4j.simpleLogger.log.org.apache.kafka.image.loader=debug \
    kafka.Kafka "$dir/controller.properties" </dev/null >"$log" 2>&1 9>&- &
  pid=$!
  until session_is_over "$log"; do
    [[ $SECONDS -lt $deadline ]] && ! is_gone "$pid" || break
    sleep 0.1
  done
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" || true
  session_is_over "$log" || fail "the session of the killed broker does not end: $(tail -n 20 "$log")"
}

# Leaves the pid in the directory. Descriptor 9, the lock, is not for the broker to keep.
launch() {
  [[ -e "$dir/broker.log" ]] && mv "$dir/broker.log" "$dir/broker.log.old"
  cd "$dir"
  setsid java "${java_options[@]}" ${brief:+"${brief_options[@]}"} kafka.Kafka "$dir/broker.properties" \
    </dev/null >"$dir/broker.log" 2>&1 9>&- &
  echo $! >"$dir/pid"
}

wait_until_up() {
  local deadline=$((SECONDS + 90))
  until grep -qs "Kafka Server started" "$dir/broker.log" && is_listening "$port"; do
    kill -0 "$(cat "$dir/pid")" 2>/dev/null || return 1
    [[ $SECONDS -lt $deadline ]] || return 1
    sleep 0.1
  done
}

print_addresses() {
  echo "127.0.0.1:$(cat "$dir/port")"
  cat "$dir/listeners"
}

start() {
  local pid
  mkdir -p "$dir"
  exec 9>"$dir/lock"
  flock 9
  if [[ -n "$fresh" ]]; then
    end TERM
    rm -rf "$dir/data" "$dir/port"
  elif pid="$(running_pid)"; then
    say "runs already (pid $pid, $dir)"
    print_addresses
    return
  fi

  fetch_jars
  choose_port
  await_free_port
  write_config
  end_session
  format_storage
  launch
  wait_until_up || { end KILL; fail "did not start; the end of $dir/broker.log: $(tail -n 20 "$dir/broker.log")"; }
  echo "$port" >"$dir/port"
  say "runs (pid $(cat "$dir/pid"), $dir)"
  print_addresses
}

# end SIGNAL: a broker that does not leave within 20 seconds is killed.
end() {
  local pid deadline=$((SECONDS + 20))
  pid="$(running_pid)" || return 0
  kill "-$1" "$pid"
  until is_gone "$pid"; do
    [[ $SECONDS -lt $deadline ]] || kill -KILL "$pid" 2>/dev/null || true
    sleep 0.05
  done
  say "stopped by SIG$1 (pid $pid)"
}

[[ $# -ge 1 ]] || fail "usage: broker.sh start|stop|kill [--port N] [--dir D] [--fresh] [--brief] [--listener NAME[:N]]" \
  "[--properties FILE]"
command="$1"; shift
port=9092 dir="$root/build/broker" fresh="" brief="" properties="" listeners=()
while [[ $# -gt 0 ]]; do
  case "$1" in
    --port) port="${2:?--port needs a number}"; shift 2 ;;
    --dir) dir="${2:?--dir needs a directory}"; shift 2 ;;
    --fresh) fresh=yes; shift ;;
    --brief) brief=yes; shift ;;
    --listener) listeners+=("${2:?--listener needs a name}"); shift 2 ;;
    --properties) properties="${2:?--properties needs a file}"; shift 2 ;;
    *) fail "unknown argument '$1'" ;;
  esac
done
dir="$(readlink -m "$dir")"

case "$command" in
  start) start ;;
  stop) end TERM ;;
  kill) end KILL ;;
  *) fail "unknown command '$command': start, stop or kill" ;;
esac
