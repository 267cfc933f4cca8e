// Comparisons that open no hole when they alone are gone, row-level security off: each was run, and its statement read.
const reasons = {
    'it names a row by a UUID that the same operation has just found by the company': [
        'analytics.cut_hour_rows', 'analytics.utc_day_sums, comparison 2',
        'auth.note_refusal', 'auth.revoke_api_key, comparison 2', 'auth.rotate_api_key',
        'campaigns.delete_assignment', 'campaigns.delete_dayparts', 'campaigns.end_running_assignments', 'campaigns.hold_face',
        'campaigns.list_assignments', 'devices.list_calibrations', 'devices.touch_token',
        'measurements.delete_asset_hours', 'measurements.delete_track_states', 'measurements.delete_visits', 'webhooks.reserve_slot', 'webhooks.update_delivery',
    ],
    'the asset of what it finds is then held by the company, in the same operation': ['assets.faces_by_id', 'devices.find_attachment'],
    'the row that it finds is compared with the endpoint of the address, which was found by the company': ['webhooks.hold_delivery'],
    'the endpoint is joined by the company once more before anything is sent': ['webhooks.endpoints_for'],
    'it only takes locks, maybe more than it must; the row is then found by the company': ['assets.hold_asset', 'companies.lock_company'],
    'its rows are looked up by what other statements found by the company; the rest is left lying': ['assets.all_assets', 'measurements.last_positions'],
    'no request runs it: the command line and the copies of the trail do, which see all companies': ['trail.head', 'trail.events_after'],
}

export const equivalent = new Map(Object.entries(reasons).flatMap(([reason, names]) => names.map((name) => [name, reason])))
