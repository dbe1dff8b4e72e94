# Completion of tcpconform's commands and options in bash:  source tools/completion.bash
# Kept by hand, as asking the program would cost the start of a JVM; a test compares it with the program.
# shellcheck shell=bash

_tcpconform() {
    local commands='run list doctor lab report compare oracle version help'
    local doctor='--target --interface --source --source-mode --vlan --open-port --closed-port --service --ipv4 --ipv6 --impair
        --rate --allow --lockstep --seed --config --help'
    local run="$doctor --lab --name --description --suite --match --skip --level --jobs --strict --out --feature --profile
        --expectations --strict-expectations --isn-samples --max-connections --restart-command --resume --init --dry-run"
    local oracle='--sample --open --survivors --out --target --interface --source --source-mode --open-port --closed-port
        --service --config --lab --name --suite --match --skip --level --ipv4 --ipv6 --vlan --jobs --seed --help
        --description --feature --profile --max-connections --lockstep --rate --allow'
    local list='--suite --suites --requirements --match --skip --level --ipv4 --ipv6 --json --markdown --help'
    local lab='up down status list --help'
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local home
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "$commands --help" -- "$word")
        return
    fi
    # The program may be called by a link or from PATH: the names of labs and suites are beside the real one.
    home=$(readlink -f "$(type -P -- "${COMP_WORDS[0]/#\~/$HOME}" 2>/dev/null)" 2>/dev/null)
    home=${home%/tools/*}
    case $before in
        --lab)
            mapfile -t COMPREPLY < <(compgen -W "all $(_tcpconform_names "$home/tools/lab" '*/lab.yaml')" -- "$word")
            return
            ;;
        up)
            mapfile -t COMPREPLY < <(compgen -W "$(_tcpconform_names "$home/tools/lab" '*/lab.yaml')" -- "$word")
            return
            ;;
        down)
            mapfile -t COMPREPLY < <(compgen -W "$(_tcpconform_names "${XDG_RUNTIME_DIR:-/run}/tcpconform" '*.json')" \
                -- "$word")
            return
            ;;
        --suite)
            mapfile -t COMPREPLY < <(compgen -W "$(_tcpconform_names "$home/suites" '*.xml')" -- "$word"
                compgen -f -X '!*.xml' -- "$word")
            return
            ;;
        --config | --init)
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
            return
            ;;
        --expectations)
            mapfile -t COMPREPLY < <(compgen -W none -- "$word"
                compgen -f -- "$word")
            return
            ;;
        --profile)
            mapfile -t COMPREPLY < <(compgen -W 'P793 P9293 P5961 P5961D' -- "$word")
            return
            ;;
        --survivors)
            mapfile -t COMPREPLY < <(compgen -W none -- "$word"
                compgen -f -- "$word")
            return
            ;;
        --out | --since | --resume)
            mapfile -t COMPREPLY < <(compgen -d -- "$word")
            return
            ;;
        --interface)
            mapfile -t COMPREPLY < <(cd /sys/class/net 2>/dev/null && compgen -f -- "$word")
            return
            ;;
        --level)
            mapfile -t COMPREPLY < <(compgen -W 'MUST SHOULD MAY' -- "$word")
            return
            ;;
        --allow)
            mapfile -t COMPREPLY < <(compgen -W 'intrusive foreign-addresses own-address' -- "$word")
            return
            ;;
        --source-mode)
            mapfile -t COMPREPLY < <(compgen -W 'own host' -- "$word")
            return
            ;;
        --target | --source | --open-port | --closed-port | --service | --match | --skip | --vlan | --jobs | --impair | \
            --isn-samples | --rate | --max-connections | --restart-command | --sample | --seed | --name | --description | --feature)
            return
            ;;
    esac
    case ${COMP_WORDS[1]} in
        run) mapfile -t COMPREPLY < <(compgen -W "$run" -- "$word") ;;
        list) mapfile -t COMPREPLY < <(compgen -W "$list" -- "$word") ;;
        lab) mapfile -t COMPREPLY < <(compgen -W "$lab" -- "$word") ;;
        report) mapfile -t COMPREPLY < <(compgen -W '--check --pdf --since --strict --help' -- "$word"
            compgen -d -- "$word") ;;
        doctor) mapfile -t COMPREPLY < <(compgen -W "$doctor" -- "$word") ;;
        compare) mapfile -t COMPREPLY < <(compgen -W '--out --help' -- "$word"
            compgen -d -- "$word") ;;
        oracle) mapfile -t COMPREPLY < <(compgen -W "$oracle" -- "$word") ;;
        version) mapfile -t COMPREPLY < <(compgen -W '--help' -- "$word") ;;
        help) mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word") ;;
    esac
}

# _tcpconform_names FOLDER PATTERN: the first part of each file's path below the folder, without .xml or .json.
_tcpconform_names() {
    local file
    while IFS= read -r file; do
        file=${file#"$1/"}
        file=${file%%/*}
        file=${file%.xml}
        printf '%s\n' "${file%.json}"
    done < <(compgen -G "$1/$2")
}

complete -o filenames -F _tcpconform tcpconform
