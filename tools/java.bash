# Sourced by the scripts beside it: finds a Java.
# shellcheck shell=bash disable=SC2034

oldest_java=17

# java_release HOME: the release of the Java there (17, 25, …), or nothing.
java_release() {
    local line version=
    [[ -x $1/bin/java ]] || return 1
    if [[ -r $1/release ]]; then
        while IFS= read -r line; do
            if [[ $line == JAVA_VERSION=* ]]; then
                version=${line#JAVA_VERSION=}
                break
            fi
        done <"$1/release"
    else
        version=$("$1/bin/java" -version 2>&1) || return 1
        version=${version#*version }
    fi
    version=${version//\"/}
    version=${version#1.}
    version=${version%%[!0-9]*}
    printf '%s' "$version"
}

# find_java TOOL: sets java_home to the first Java that is new enough and has bin/TOOL (java, or javac for a JDK):
# JAVA_HOME, then the one on PATH, then those under /usr/lib/jvm.
find_java() {
    local tool=$1 home release on_path
    local -a homes=()
    if [[ -n ${JAVA_HOME:-} ]]; then
        homes+=("$JAVA_HOME")
    fi
    if on_path=$(type -P "$tool"); then
        on_path=$(readlink -f "$on_path")
        homes+=("${on_path%/bin/*}")
    fi
    homes+=(/usr/lib/jvm/*)
    for home in "${homes[@]}"; do
        if [[ -x $home/bin/$tool ]] && release=$(java_release "$home") && ((${release:-0} >= oldest_java)); then
            java_home=$home
            return 0
        fi
    done
    java_home=
    return 1
}

# maven ARGUMENTS...: Maven with the Java found before; both streams in one, without the colour codes that it sends
# even where nobody can see them.
maven() {
    JAVA_HOME=$java_home mvn -B -ntp -Dstyle.color=never "$@" 2>&1 | sed -u $'s/\e\\[[0-9;]*m//g'
}
