import type { QueryClient } from '@tanstack/react-query'
import { listQuery, oneQuery } from '@/api/queries'

export const companiesQuery = listQuery('GET /v1/companies', { query: {} })
export const parkedPoliciesQuery = (id: string) => listQuery('GET /v1/companies/{id}/parked-policies', { path: { id }, query: {} })
export const companyQuery = (id: string) => oneQuery('GET /v1/companies/{id}', { path: { id } })
export const firstOwnerQuery = (id: string) => oneQuery('GET /v1/companies/{id}/first-owner', { path: { id } })

/** The company with its rules, as they are now. */
export async function companyNow(client: QueryClient, id: string) {
    await client.refetchQueries({ queryKey: parkedPoliciesQuery(id).queryKey }, { throwOnError: true })
    return client.fetchQuery({ ...companyQuery(id), staleTime: 0 })
}
