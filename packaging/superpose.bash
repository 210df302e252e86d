# Completion of superpose's command line, for bash: commands, options, configs, stores.
# `make install` puts it where bash-completion looks; or source it.

_superpose() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    local -A options=(
        [run]='-j --shard -o --run --fresh --retry-failed --expect --no-figures --quiet --json --isa'
        [check]='--json'
        [figure]='-k -o --theme'
        [export]='-o --snapshots --long'
        [view]='-j --run --theme'
        [record]='-o -j --run --scene --seconds --fps --size --scale --theme --with-controls --quiet'
        [trace]='--run --steps -o'
    )
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "run check list info export trace figure view record help --help --version" -- "$word")
        return
    fi
    case $before in
    -o) mapfile -t COMPREPLY < <(compgen -f -- "$word") && compopt -o filenames && return ;;
    -k)
        mapfile -t COMPREPLY < <(compgen -W "$("$1" list figures 2>/dev/null | sed -n 's/^  \([^ ]*\).*/\1/p')" -- "$word")
        return
        ;;
    --theme) mapfile -t COMPREPLY < <(compgen -W "light dark" -- "$word") && return ;;
    --scene)
        mapfile -t COMPREPLY < <(compgen -W "$("$1" list scenes 2>/dev/null | sed -n 's/^  \([^ ]*\).*/\1/p')" -- "$word")
        return
        ;;
    -j | --run | --steps | --shard | --seconds | --fps | --size | --scale) return ;;
    esac
    case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W "${options[$command]:-} --help" -- "$word") && return ;;
    esac
    local files
    case $command in
    run | check | trace) files='yaml' ;;
    info | export) files='db' ;;
    figure | view | record) files='yaml|db' ;;
    list | help)
        mapfile -t COMPREPLY < <(compgen -W "data models tasks optimizers schedules metrics summaries figures configs" -- "$word")
        return
        ;;
    *) return ;;
    esac
    mapfile -t COMPREPLY < <(compgen -d -- "$word"; compgen -f -- "$word" | grep -E "\.($files)$")
    compopt -o filenames
}
complete -F _superpose superpose
