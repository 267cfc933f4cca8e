import { listQuery, oneQuery } from '@/api/queries'
import type { JobState } from '@/api/schema'

export const jobKindsQuery = oneQuery('GET /v1/job-kinds', {})

export interface JobsSearch { state?: JobState | undefined; kind?: string | undefined; company?: string | undefined }
export const jobsQuery = ({ state, kind, company }: JobsSearch) =>
    listQuery('GET /v1/jobs', { query: { ...(state ? { state } : {}), ...(kind ? { kind } : {}), ...(company ? { company } : {}) } })
export const jobQuery = (id: string) => oneQuery('GET /v1/jobs/{id}', { path: { id } })
export const alertsQuery = (state: 'open' | 'resolved') => listQuery('GET /v1/alerts', { query: { state } })
export const alertRulesQuery = { ...oneQuery('GET /v1/alert-rules', {}), staleTime: Infinity }
export const checksQuery = oneQuery('GET /v1/checks', {})
export const companiesQuery = listQuery('GET /v1/companies', { query: {} })

/** Everything that a verb can have changed. */
export const jobsKeys = [['GET /v1/job-kinds'], ['GET /v1/jobs'], ['GET /v1/jobs/{id}'], ['GET /v1/alerts']] as const
