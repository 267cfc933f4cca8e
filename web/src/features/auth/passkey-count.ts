import { useInfiniteQuery } from '@tanstack/react-query'
import { itemsOf, listQuery } from '@/api/queries'

export const passkeysQuery = listQuery('GET /v1/passkeys', { query: {} })

/** How many the person has; undefined until that is known. */
export const usePasskeyCount = (enabled = true) => itemsOf(useInfiniteQuery({ ...passkeysQuery, enabled }).data)?.length
