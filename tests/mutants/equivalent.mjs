// Comparisons that open no hole when they alone are gone, row-level security off: each statement was read, and every caller.
const reasons = {
    'it names a row by a UUID that the same operation has just found by the company': [
        'analytics.asset_sums', 'analytics.bucket_sums', 'analytics.cell_sums', 'analytics.cut_hour_rows', 'analytics.piece_cells', 'analytics.piece_sums',
        'analytics.utc_day_sums, comparison 1', 'analytics.utc_day_sums, comparison 2',
        'assets.names_of_assets', 'assets.update_asset',
        'auth.count_families', 'auth.delete_invitation', 'auth.end_families_of', 'auth.list_families', 'auth.note_refusal', 'auth.prolong_invitation',
        'auth.revoke_api_key, comparison 2', 'auth.rotate_api_key', 'auth.rotate_family', 'auth.touch_api_key',
        'auth.trim_families, comparison 1', 'auth.trim_families, comparison 2',
        'campaigns.booked_of_face', 'campaigns.delete_assignment', 'campaigns.delete_dayparts', 'campaigns.drop_later_assignments',
        'campaigns.end_running_assignments', 'campaigns.hold_face', 'campaigns.list_assignments', 'campaigns.touch_campaign',
        'campaigns.update_assignment', 'campaigns.update_campaign',
        'devices.calibration_end', 'devices.correct_attachment', 'devices.count_active_tokens', 'devices.delete_attachment',
        'devices.list_attachments_of_asset', 'devices.near_threshold_end', 'devices.overlapping_attachments', 'devices.put_in_service',
        'devices.touch_token', 'devices.update_device',
        'measurements.asset_hours_with_rows', 'measurements.delete_asset_hours', 'measurements.delete_dirty', 'measurements.delete_track_states',
        'measurements.delete_visits', 'measurements.first_hour_of_asset', 'measurements.first_start_overlapping', 'measurements.forget_last_position',
        'measurements.insert_asset_hours', 'measurements.insert_cell_hours', 'measurements.track_states',
        'webhooks.delete_endpoint', 'webhooks.find_body', 'webhooks.find_secret', 'webhooks.list_deliveries', 'webhooks.note_failure',
        'webhooks.note_success', 'webhooks.put_secrets', 'webhooks.reserve_slot', 'webhooks.rotate_secret', 'webhooks.update_delivery',
        'webhooks.update_endpoint',
    ],
    'it is asked together with a statement that finds the owner of its rows by the company, and they are dropped when that finds nothing': [
        'devices.list_attachments_of_device', 'devices.list_calibrations', 'devices.list_tokens', 'webhooks.list_attempts',
    ],
    'the same statement compares the row that it changes with the company once more': [
        'auth.revoke_api_key, comparison 1', 'devices.revoke_token, comparison 1', 'devices.revoke_token, comparison 2',
    ],
    'the endpoint of the address is found by the company in the same transaction, which is undone otherwise': [
        'webhooks.ask_again, comparison 1', 'webhooks.ask_again, comparison 2',
    ],
    'the text whose hash it compares names the company, and nobody can make another text of that hash': [
        'auth.find_family', 'auth.find_invitation_by_token', 'auth.take_invitation', 'devices.active_token',
    ],
    'the server signed the company and the UUID together': ['auth.is_token_in_force'],
    'a letter with news asks once more whether its reader is a member of the company': ['auth.readers_of'],
    'a job names the company and the UUID together, and was made by an operation that had found or made it for the company': [
        'auth.give_invitation_token', 'webhooks.prepare_attempt',
    ],
    'it names one attempt of a request, by a UUID that this attempt has made': ['idempotency.hold_until', 'idempotency.keep_answer', 'idempotency.let_go'],
    'the asset of what it finds is then held by the company, in the same operation': ['assets.faces_by_id', 'devices.find_attachment'],
    'the row that it finds is compared with the endpoint of the address, which was found by the company': ['webhooks.find_delivery', 'webhooks.hold_delivery'],
    'the endpoint is joined by the company once more before anything is sent': ['webhooks.endpoints_for'],
    'it only takes locks, maybe more than it must; the row is then found by the company': [
        'assets.hold_asset', 'auth.hold_family', 'campaigns.hold_campaign', 'companies.lock_company',
    ],
    'its rows are looked up by what other statements found by the company; the rest is left lying': [
        'assets.all_assets', 'campaigns.assignments_within', 'campaigns.flights_within', 'devices.past_of_calibrations', 'devices.past_of_devices',
        'devices.past_of_model_calibrations', 'devices.past_of_near_thresholds', 'measurements.last_positions',
    ],
    'marks of others name devices and assets that the company does not have, so that nothing is derived and they stay': ['measurements.oldest_dirty'],
    'it narrows what staff ask for, who are shown the jobs of all companies': ['jobs.count_given_up', 'jobs.list_jobs', 'jobs.redrive'],
    'no request runs it: the command line and the copies of the trail do, which see all companies': ['trail.anchor', 'trail.events_after', 'trail.head'],
    'of its row only the revision is read, which says whether the answer may be kept; the shapes are found by the company': [
        'analytics.shapes_of_set, comparison 2',
    ],
    'nothing runs it': ['measurements.hours_with_visits'],
}

export const equivalent = new Map(Object.entries(reasons).flatMap(([reason, names]) => names.map((name) => [name, reason])))
