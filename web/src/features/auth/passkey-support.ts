/** Browsers since 2025 read and write the API's own form of passkeys. Others are offered none. */
export const hasPasskeys = typeof PublicKeyCredential === 'function' && 'parseRequestOptionsFromJSON' in PublicKeyCredential
