"""Guards of published numbers."""

from guards import rows
from guards.guard import Guard

LIMITS = "webapp/insights/publishing/limits.py"
MIXING = "webapp/insights/publishing/mixing.py"
SHARES = "webapp/insights/publishing/shares.py"
REPORT = "webapp/insights/publishing/report.py"
RULES = "webapp/insights/rules.py"
PUBLISHING = "tests/insights/test_publishing.py"
NOBODY = "tests/insights/test_nobody_shows.py"
SNAPSHOTS = "tests/insights/test_snapshots.py"

GUARDS = (
    Guard(
        row=rows.NUMBERS,
        what="every number covers at least k people",
        file=LIMITS,
        old="is_large = fewest_people >= self.k and conversations >= MIN_CONVERSATIONS",
        new="is_large = conversations >= MIN_CONVERSATIONS",
        test=f"{PUBLISHING}::test_no_shown_cell_is_small_or_dominated",
    ),
    Guard(
        row=rows.NUMBERS,
        what="and at least 10 talks",
        file=LIMITS,
        old="MIN_CONVERSATIONS = 10",
        new="MIN_CONVERSATIONS = 1",
        test=f"{PUBLISHING}::test_no_shown_cell_is_small_or_dominated",
    ),
    Guard(
        row=rows.NUMBERS,
        what="nobody is in more than half of the talks behind it",
        file=LIMITS,
        old="return is_large and 2 * busiest <= conversations",
        new="return is_large",
        test=f"{PUBLISHING}::test_a_person_in_more_than_half_of_a_cell_hides_it",
    ),
    Guard(
        row=rows.NUMBERS,
        what="k is from 5 to 50",
        file=LIMITS,
        old="        if not K_SMALLEST <= self.k <= K_LARGEST:",
        new="        if self.k > K_LARGEST:",
        test=f"{PUBLISHING}::test_k_is_from_5_to_50",
    ),
    Guard(
        row=rows.NUMBERS,
        what="small groups are merged until they are large enough",
        file=MIXING,
        old="    while by_size and 0 < sum(sizes[group] for group in small) < limits.k:\n"
        "        small.add(by_size.pop(0))\n",
        new="",
        test=f"{PUBLISHING}::test_small_groups_are_merged_until_the_rest_is_large_enough",
    ),
    Guard(
        row=rows.NUMBERS,
        what="where one cell of a row is hidden a second one is",
        file=MIXING,
        old="while more := _row_with_one(cells, hides) or _too_small_a_rest(cells, hides, limits):",
        new="while more := _too_small_a_rest(cells, hides, limits):",
        test=f"{PUBLISHING}::test_a_row_never_hides_one_cell_alone",
    ),
    Guard(
        row=rows.NUMBERS,
        what="what is hidden is enough people together",
        file=MIXING,
        old="while more := _row_with_one(cells, hides) or _too_small_a_rest(cells, hides, limits):",
        new="while more := _row_with_one(cells, hides):",
        test=f"{PUBLISHING}::test_what_is_hidden_is_enough_people_together",
    ),
    Guard(
        row=rows.NUMBERS,
        what="the margin of the table is hidden where it would tell a cell",
        file=MIXING,
        old="    if mixing.gives_away(within, limits) or mixing.gives_away(between, limits):\n"
        '        return hidden("ei_percent", PROTECTED)\n',
        new="",
        test=f"{PUBLISHING}::test_the_ei_index_is_hidden_where_it_would_give_away_a_cell",
    ),
    Guard(
        row=rows.NUMBERS,
        what="counts are rounded to 5",
        file=LIMITS,
        old="    return math.floor(count / 5 + 0.5) * 5\n",
        new="    return math.floor(count + 0.5)\n",
        test=f"{PUBLISHING}::test_all_that_is_shown_is_rounded_and_carries_its_n",
    ),
    Guard(
        row=rows.NUMBERS,
        what="shares say no more than whole per cent",
        file=LIMITS,
        old="    return math.floor(100 * share + 0.5)\n",
        new="    return 100 * share\n",
        test=f"{PUBLISHING}::test_shares_are_whole_per_cent_half_up",
    ),
    Guard(
        row=rows.NUMBERS,
        what="quartiles from 40 people on",
        file=LIMITS,
        old="MIN_FOR_QUARTILES = 40",
        new="MIN_FOR_QUARTILES = 30",
        test=f"{PUBLISHING}::test_a_smaller_k_does_not_want_less_for_quartiles",
    ),
    Guard(
        row=rows.NUMBERS,
        what="below 30 people totals only",
        file=LIMITS,
        old="MIN_FOR_FIGURES = 30",
        new="MIN_FOR_FIGURES = 20",
        test=f"{PUBLISHING}::test_from_20_attendees_totals_only_also_before_the_end",
    ),
    Guard(
        row=rows.NUMBERS,
        what="below 20 people only the number of talks, after the event",
        file=REPORT,
        old="    if counts.attendees < MIN_FOR_TOTALS and not is_over:\n"
        "        return hidden(figure.key, NOT_OVER)\n",
        new="",
        test=f"{PUBLISHING}::test_under_20_attendees_nothing_before_the_end",
    ),
    Guard(
        row=rows.NUMBERS,
        what="few who talked with nobody are never counted",
        file=SHARES,
        old='_total("isolates", alone) if alone >= limits.k else hidden("isolates", BELOW_K)',
        new='_total("isolates", alone)',
        test=f"{PUBLISHING}::test_few_isolates_are_never_counted",
    ),
    Guard(
        row=rows.NUMBERS,
        what="one shown number within another leaves k people or nobody",
        file=SHARES,
        old="    if counts.participants > most:\n",
        new="    if counts.participants > counts.attendees:\n",
        test=f"{NOBODY}::test_numbers_of_people_differ_by_at_least_k",
    ),
    Guard(
        row=rows.NUMBERS,
        what="both sides of a share are large enough",
        file=LIMITS,
        old="        return self.allow(smaller, min(split.people_in, split.people_out))",
        new="        return self.allow(split.part, split.people_in)",
        test=f"{PUBLISHING}::test_a_share_needs_both_its_sides",
    ),
    Guard(
        row=rows.NUMBERS,
        what="any two summaries differ by nobody or by k people",
        file=RULES,
        old="    if any(0 < people < event.k for people in differences):\n        return False\n",
        new="",
        test=f"{SNAPSHOTS}::test_the_next_summary_waits_for_k_people",
    ),
    Guard(
        row=rows.NUMBERS,
        what="not only the last two: all of a day",
        file=RULES,
        old="    if any(0 < people < event.k for people in differences):",
        new="    if differences and 0 < differences[-1] < event.k:",
        test=f"{SNAPSHOTS}::test_going_back_to_almost_what_was_is_no_way_to_single_somebody_out",
    ),
    Guard(
        row=rows.NUMBERS,
        what="all that is counted of somebody counts in that",
        file="webapp/insights/services.py",
        old='        counted[person].append("uses")\n',
        new="        pass\n",
        test=f"{SNAPSHOTS}::test_who_claims_a_badge_changes_the_summary_of_one",
    ),
    Guard(
        row=rows.NUMBERS,
        what="summaries are of full hours",
        file=RULES,
        old="    return now.replace(minute=0, second=0, microsecond=0)\n",
        new="    return now.replace(second=0, microsecond=0)\n",
        test=f"{SNAPSHOTS}::test_the_cut_is_the_last_full_hour",
    ),
    Guard(
        row=rows.NUMBERS,
        what="what is frozen stays as it was",
        file="webapp/insights/services.py",
        old="    if session.get(Snapshot, (snapshot.event_id, snapshot.taken_at)) is not None:\n"
        "        return\n",
        new="    there = session.get(Snapshot, (snapshot.event_id, snapshot.taken_at))\n"
        "    if there is not None:\n"
        "        there.report = snapshot.report\n"
        "        return\n",
        test=f"{SNAPSHOTS}::test_of_two_workers_the_faster_one_freezes",
    ),
    Guard(
        row=rows.NUMBERS,
        what="without any one attendee nothing that names them changes",
        file=MIXING,
        old="    small = {group for group, size in sizes.items() if size < limits.k or group == OTHER}",
        new="    small = {group for group in sizes if group == OTHER}",
        test=f"{NOBODY}::test_a_name_that_is_a_group_of_its_own_is_not_shown",
    ),
)
