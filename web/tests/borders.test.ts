import { expect, test } from 'vitest'
import { importsOf, wrong } from '../tools/borders.mjs'

test.each([
    ['features/campaigns/list-page.tsx', 'features/assets/queries', true],
    ['features/campaigns/list-page.tsx', 'features/campaigns/queries', false],
    ['features/campaigns/list-page.tsx', 'app/shell', true],
    ['features/campaigns/list-page.tsx', 'components/page', false],
    ['components/page.tsx', 'features/auth/sign-in-page', true],
    ['lib/format.ts', 'components/page', true],
    ['api/client.ts', 'lib/format', true],
    ['app/router.tsx', 'features/auth/sign-in-page', false],
    ['lib/format.ts', '../tools/catalogues.ts', true],
    ['lib/format.test.ts', '../tools/catalogues.ts', false],
])('%s importing %s is a fault: %s', (file, target, fault) => expect(wrong(file, target) !== null).toBe(fault))

test('imports are found by alias, by relative path, lazily and for their effect', () => {
    const text = "import a from '@/lib/a'\nimport './b.css'\nconst c = lazy(() => import('../assets/c'))\nimport d from 'react'\nexport { e } from './e'"
    expect(importsOf('features/campaigns/x.tsx', text)).toEqual(
        ['lib/a', 'features/campaigns/b.css', 'features/assets/c', 'features/campaigns/e'])
})
