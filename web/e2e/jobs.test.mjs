// Staff look after jobs: what is shown is what the API says, and what they do happens.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, settle, shot, tableRows, withPage } from './support.mjs'

// Enqueued every two seconds, and nothing is lost when it waits for a while.
const kind = 'measurements.find_work'

before(openBrowser)
after(closeBrowser)

const waiting = async () => (await api(`/v1/jobs?kind=${kind}&state=ready`, demo.staff)).items
const confirm = async (page, action) => {
    const dialog = page.getByRole('alertdialog')
    await dialog.getByRole('button', { name: action, exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
}

async function someWait() {
    const deadline = Date.now() + 45_000
    for (;;) {
        const jobs = await waiting()
        if (jobs.length > 0) return jobs
        assert.ok(Date.now() < deadline, 'no job waits')
    }
}

test('staff see every kind of jobs, and nobody else is shown the page', async () => {
    await withPage({ as: demo.staff }, async (page) => {
        await page.getByRole('navigation').getByRole('link', { name: 'Jobs' }).click()
        await settle(page)
        const { items } = await api('/v1/job-kinds', demo.staff)
        const rows = await tableRows(page, 'Kinds of jobs')
        assert.deepEqual(rows.map(([name]) => name).toSorted(), items.map((one) => one.kind).toSorted())
        await shot(page, 'jobs')
    })
    await withPage({ as: demo.owner }, async (page) => {
        await page.goto(`${origin}/jobs`)
        await settle(page)
        assert.equal(await page.getByRole('region', { name: 'Kinds of jobs' }).count(), 0)
    })
})

test('staff see what is wrong, what to do about it, and say who looks after it', () =>
    withPage({ as: demo.staff }, async (page) => {
        // A kind that waits is an alert after a quarter of an hour; the demo's server is told to wait for seconds.
        await page.goto(`${origin}/jobs`)
        await page.getByRole('button', { name: `Pause ${kind}` }).click()
        await confirm(page, 'Pause')
        const resume = page.getByRole('button', { name: `Resume ${kind}` })
        try {
            const alerts = page.getByRole('list', { name: 'Alerts' })
            const one = alerts.getByRole('listitem').filter({ hasText: kind })
            await one.waitFor({ timeout: 90_000 })
            await one.getByText('Resume the kind if it is paused', { exact: false }).waitFor()
            await page.getByRole('status').filter({ hasText: /thing/ }).waitFor()
            await assertAccessible(page, 'alerts')
            await shot(page, 'alerts')
            await one.getByRole('button', { name: /^Look after it: Jobs wait too long/ }).click()
            const dialog = page.getByRole('dialog', { name: 'Jobs wait too long' })
            await dialog.getByLabel('What you do about it').fill('Paused for a test')
            await shot(page, 'alert-taken')
            await dialog.getByRole('button', { name: 'Look after it' }).click()
            await one.getByText('Paused for a test', { exact: false }).waitFor()
        } finally {
            await resume.click()
            await confirm(page, 'Resume')
        }
        await page.getByRole('region', { name: 'Alerts that are over' }).getByText(kind).first().waitFor({ timeout: 90_000 })
        await page.getByRole('region', { name: 'Readiness' }).getByText('The database answers.').waitFor()
    }))

test('staff pause a kind, look at a job that waits, cancel it, and resume the kind', () =>
    withPage({ as: demo.staff }, async (page) => {
        await page.goto(`${origin}/jobs?kind=${kind}`)
        await page.getByRole('button', { name: `Pause ${kind}` }).click()
        await confirm(page, 'Pause')
        const resume = page.getByRole('button', { name: `Resume ${kind}` })
        try {
            await resume.waitFor()
            const [job] = await someWait()
            await page.goto(`${origin}/jobs?kind=${kind}&job=${job.id}`)
            const dialog = page.getByRole('dialog', { name: kind })
            await dialog.getByText('Waiting', { exact: true }).waitFor()
            await dialog.getByText(job.id).waitFor()
            await assertAccessible(page, 'a job')
            await shot(page, 'job')

            await dialog.getByRole('button', { name: 'Cancel the job' }).click()
            await confirm(page, 'Cancel the job')
            await dialog.getByText('Cancelled', { exact: true }).waitFor()

            // Two seconds later another waits for the same work, and one is enough.
            await someWait()
            await dialog.getByRole('button', { name: 'Run it now' }).click()
            await dialog.getByText('A job for the same work is waiting already.').waitFor()
            await page.keyboard.press('Escape')
            await page.getByRole('group', { name: 'State' }).getByRole('button', { name: 'Cancelled' }).click()
            await page.getByRole('region', { name: 'Jobs not done', exact: true }).getByRole('link', { name: kind }).first().waitFor()
        } finally {
            await resume.click()
            await confirm(page, 'Resume')
            await page.getByRole('button', { name: `Pause ${kind}` }).waitFor()
        }
        const { items } = await api('/v1/job-kinds', demo.staff)
        assert.equal(items.find((one) => one.kind === kind).paused_at, null)
    }))
