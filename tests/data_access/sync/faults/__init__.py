"""What may go wrong with a sync, what must come of it, and the tests that prove it (from the folder `tests`).

1. kill -9 at every step: the next run resumes, nothing is lost or doubled
   data_access/sync/test_sync_kill.py::test_next_run_completes
   data_access/connectors/rest/test_whole.py::test_a_killed_read_goes_on_where_its_last_page_was_committed
   live/test_killed_sync.py::test_the_wall_never_blinks_and_nothing_is_lost
2. killed between the writes of a publish: the old version or the new, never a mixture
   data_access/sync/faults/test_publish_dies.py::test_old_or_new_whatever_the_step
   data_access/sync/test_sync_kill.py::test_kill_between_the_writes_of_a_publish_leaves_old_or_new
3. full disk: boards go on, the run fails in one line with its remedy, the run after space was freed makes good
   data_access/sync/faults/test_disk_full.py::test_boards_keep_serving_and_space_that_comes_back_is_enough
   data_access/sync/faults/test_disk_full.py::test_another_process_makes_good_once_all_space_is_back
   data_access/sync/faults/test_disk_full.py::test_state_on_the_same_disk
4. damaged file: set aside, the version before it serves, stores are made again, health says so
   data_access/test_warehouse.py::test_a_damaged_version_is_set_aside_and_the_one_before_serves
   data_access/sync/test_sync_publish.py::test_damaged_store_is_made_again
   app/test_serve.py::test_a_damaged_new_version_is_set_aside_while_the_old_one_serves
   desk/test_sync_pages.py::test_a_damaged_version_is_red
5. a source dies in mid-page: committed pages stay, waits double with jitter and keep Retry-After, then it resumes
   data_access/connectors/acceptance/test_acceptance.py::test_broken_read_resumes_after_its_last_committed_page
   data_access/connectors/rest/test_answers.py::test_backoff_doubles_with_full_jitter_and_ends
   data_access/connectors/rest/test_answers.py::test_retry_after_is_kept
   live/test_source_dies.py::test_amber_then_red_with_the_time_then_well_again
   live/test_source_dies.py::test_dead_for_an_hour
6. a late change with an equal cursor, a commit during the read: the next run brings it
   data_access/sync/faults/test_late_and_double.py::test_a_commit_during_the_read_is_there_after_the_next_run
   data_access/sync/faults/test_late_and_double.py::test_rows_of_one_instant_on_both_sides_of_a_page_all_arrive
   data_access/connectors/acceptance/test_acceptance.py::test_change_behind_a_cut_is_not_lost
   real/test_changes.py::test_a_commit_that_lands_late
7. a row without a cursor: loaded, or rejected with its reason
   data_access/sync/faults/test_late_and_double.py::test_a_row_without_a_cursor_is_loaded_or_rejected_with_its_reason
8. a column added, removed, renamed or narrowed: the policy is applied, the event shown, no other column touched
   data_access/sync/faults/test_columns.py::test_the_policy_is_applied_and_no_other_column_is_touched
   data_access/sync/faults/test_columns.py::test_a_narrowed_column
   data_access/connectors/rest/test_reading.py::test_a_field_that_goes_away_costs_no_row_and_is_an_event
9. hard delete: a tombstone by sweep or notice; deletes of more than a tenth, or an empty answer, stop and ask
   data_access/sync/faults/test_late_and_double.py::test_hard_deletes_leave_a_tombstone_and_no_row
   data_access/sync/test_sync_guards.py::test_mass_delete_stops_and_asks
   data_access/sync/test_sync_guards.py::test_empty_answer_is_an_outage
   data_access/sync/test_hooks_applied.py::test_a_deleted_row_goes_after_the_source_confirmed_it
   data_access/sync/test_hooks_applied.py::test_the_delete_guard_holds_for_notices_too
10. doubled keys: one winner, the others told
   data_access/sync/faults/test_late_and_double.py::test_doubled_keys_have_one_winner_and_the_others_are_told
   data_access/sync/test_sync_landing.py::test_duplicates_across_pages_have_the_newest_as_winner
11. two syncs: the second is refused and told who holds the lock
   data_access/sync/test_sync_guards.py::test_second_writer_is_refused_and_told_who
   data_access/sync/test_sync_watch.py::test_one_watch_at_a_time
12. nothing changed: nothing is inserted or updated, the content stays
   data_access/sync/faults/test_late_and_double.py::test_nothing_changed_means_nothing_changes
   real/test_changes.py::test_second_sync_changes_nothing
13. clocks that change, are off or mixed: no gap, no double
   data_access/sync/faults/test_clocks_and_money.py::test_both_readings_of_a_fold_and_all_zones_arrive_once_at_their_instant
   data_access/sync/faults/test_clocks_and_money.py::test_a_clock_that_goes_wrong_here_loses_nothing
   data_access/connectors/rest/test_reading.py::test_site_time_is_read_in_its_zone_on_both_sides_of_the_hour_that_comes_twice
14. decimals, currencies, a missing rate: exact, shown as unconverted
   data_access/sync/faults/test_clocks_and_money.py::test_decimals_arrive_to_the_last_digit
   data_access/sync/faults/test_clocks_and_money.py::test_a_missing_rate_leaves_the_money_unconverted_and_a_rule_says_so
   data_access/overview/test_overview.py::test_unconverted_lines_are_counted_and_told
15. a repeated cursor, endless or empty pages: a bounded, named failure
   data_access/connectors/rest/test_paging.py::test_pages_without_end_are_a_named_failure
   data_access/connectors/rest/test_paging.py::test_empty_pages_without_end_are_a_named_failure
16. refusals and unusable answers: a SourceError, memory bounded
   data_access/connectors/rest/test_answers.py::test_unusable_answers_are_source_errors
   data_access/connectors/rest/test_answers.py::test_what_unpacks_to_far_too_much_is_refused_before_it_is_large
17. a redirect elsewhere: refused unless allowed, credentials stay at home
   data_access/connectors/rest/test_answers.py::test_redirects_elsewhere_are_refused
   data_access/connectors/rest/test_answers.py::test_an_allowed_host_is_followed_without_credentials

All of them at random, and read = inserted + updated + unchanged + rejected in every run of a stream:
   data_access/connectors/rest/test_fault_schedules.py::test_ends_equal_to_the_source
"""
