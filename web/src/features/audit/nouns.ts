/** The nouns that events are about, in the order shown. */
export const nouns = [
    'campaign', 'assignment', 'asset', 'device', 'device_token', 'attachment', 'member', 'invitation', 'api_key', 'token', 'session', 'webhook', 'company',
    'records',
] as const
export type Noun = (typeof nouns)[number]
