/** The nouns that a company's events are about, in the order shown. */
export const companyNouns = [
    'campaign', 'assignment', 'asset', 'device', 'device_token', 'attachment', 'member', 'invitation', 'api_key', 'token', 'session', 'webhook', 'company',
    'region_set', 'records',
] as const

/** Those of the events of no company, which staff read. */
export const staffNouns = ['session', 'account', 'person', 'staff', 'staff_key', 'alert', 'job', 'job_kind', 'device_model', 'signing_key', 'secrets'] as const

export type Noun = (typeof companyNouns)[number] | (typeof staffNouns)[number]
export const nouns: readonly Noun[] = [...new Set<Noun>([...companyNouns, ...staffNouns])]
