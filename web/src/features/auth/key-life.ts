const day = 24 * 3600 * 1000

/** When a key ends that lives for so many days from now. */
export const endAfter = (days: number) => new Date(Date.now() + days * day).toISOString()
