# Tells how a run ended. Whatever happens here, the run keeps its result.
case $APHEX_COMMIT in *[!0-9a-f]*) APHEX_COMMIT=unknown ;; esac
case $APHEX_PHASE in Succeeded) status=success ;; *) status=failure ;; esac
case $APHEX_NOTIFICATION in
slack) body='{"text":"%s: %s (%s), commit %s of %s, run %s"}' ;;
*) body='{"pipeline":"%s","status":"%s","phase":"%s","commit":"%s","repository":"%s","run":"%s"}' ;;
esac
body=$(printf "$body" "$APHEX_PIPELINE" "$status" "$APHEX_PHASE" "$APHEX_COMMIT" "$APHEX_REPOSITORY" "$APHEX_RUN")
# A secret often ends with a line break. In curl's configuration, quotes and backslashes follow a backslash.
quoted() { printenv "$1" | tr -d '\r\n' | sed 's/["\\]/\\&/g'; }
{
  printf 'url = "%s"\n' "$(quoted APHEX_URL)"
  number=1
  while header=$(printenv "APHEX_HEADER_$number"); do
    value=$(quoted "APHEX_HEADER_${number}_VALUE")
    # A header without a value ends with a semicolon.
    printf 'header = "%s"\n' "$header${value:+: }${value:-;}"
    number=$((number + 1))
  done
} | curl --disable --config - --data "$body" --globoff --proto '=http,https' --silent --show-error --fail \
  --output /dev/null --max-time 20 --retry 5 --retry-all-errors --retry-max-time 120 ||
  echo 'the notification did not arrive' >&2
exit 0
