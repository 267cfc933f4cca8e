import { Navigate } from '@tanstack/react-router'
import { useSession } from '@/api/session'
import { Empty } from '@/components/states'
import { Page } from '@/components/page'
import { useText } from '@/lib/i18n/text'
import { Suspended } from './error-pages'
import { places } from './permissions'

// Until there is an overview worth its own page, home is the first place that the role works in.
export function HomePage() {
    const session = useSession()
    const text = useText()
    const first = places.find((place) => place.to !== '/' && place.allowed(session))
    if (session.second_factor_missing || session.staff_second_factor_missing) return <Navigate to="/settings/security" replace />
    if (first) return <Navigate to={first.to} replace />
    if (session.company_suspended) return <Suspended />
    return <Page title={text('nav.home')}><Empty title={text('home.empty')} detail={text('home.empty.detail')} /></Page>
}
