const offered = Intl.supportedValuesOf('timeZone').filter((zone) => zone.startsWith('America/') || zone.startsWith('Pacific/'))

/** What is chosen from; the present one too, wherever it lies. */
export const zonesWith = (present: string) =>
    (offered.includes(present) ? offered : [present, ...offered]).map((id) => ({ id, label: id }))
