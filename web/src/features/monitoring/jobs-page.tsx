import { useNavigate, useSearch } from '@tanstack/react-router'
import { Page } from '@/components/page'
import { useText } from '@/lib/i18n/text'
import { AlertsPanel, PastAlertsPanel } from './alerts-panel'
import { ChecksPanel } from './checks-panel'
import { JobDrawer } from './job-drawer'
import { JobsPanel } from './jobs-panel'
import { KindsPanel } from './kinds-panel'
import { useCompanies } from './use-companies'

export function JobsPage() {
    const text = useText()
    const { kind, job } = useSearch({ from: '/shell/jobs' })
    const navigate = useNavigate({ from: '/jobs' })
    const companies = useCompanies()
    const search = (change: object) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true })
    return (
        <Page title={text('nav.jobs')}>
            <div className="flex flex-col gap-4">
                <AlertsPanel />
                <KindsPanel chosen={kind} />
                <JobsPanel companies={companies} />
                <PastAlertsPanel />
                <ChecksPanel />
            </div>
            <JobDrawer id={job} companyName={companies.nameOf} onClose={() => search({ job: undefined })} />
        </Page>
    )
}
