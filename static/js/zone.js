/* A first event is most likely where this browser is; without a script it is chosen by hand. */

const zones = document.getElementById("time_zone");
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();

if ([...zones.options].some(({ value }) => value === timeZone)) zones.value = timeZone;
