// Staff look after jobs: what is shown is what the API says, and what they do happens.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Receiver } from '../../tests/journeys/receiver.mjs'
import { bearer, newStaff, sent } from './persons.mjs'
import { api, assertAccessible, closeBrowser, demo, openBrowser, origin, settle, shot, tableRows, unique, withPage } from './support.mjs'

// Enqueued every two seconds, and nothing is lost when it waits for a while.
const kind = 'measurements.find_work'

let receiver
before(async () => {
    receiver = await Receiver.start()
    await openBrowser()
})
after(async () => {
    await closeBrowser()
    await receiver?.end()
})

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

test('staff see what is wrong, what to do about it, and say who looks after it', async () => {
    const support = await newStaff(unique('Sol'), 'support')
    await withPage({ as: demo.staff }, async (page) => {
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
            // Who may only look is offered nothing to press.
            await withPage({ as: support }, async (theirs) => {
                await theirs.goto(`${origin}/jobs`)
                await theirs.getByRole('list', { name: 'Alerts' }).getByRole('listitem').filter({ hasText: kind }).waitFor()
                assert.equal(await theirs.getByRole('button', { name: /^Look after it/ }).count(), 0)
            })
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
    })
})

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

test('jobs are found by company, and what was cancelled or discarded is brought back', async () => {
    const delivering = 'webhooks.deliver'
    const path = `/${unique('redriven').replace(' ', '-')}`
    const made = await sent('/v1/webhooks', { url: `${receiver.url}${path}`, description: 'jobs', event_types: ['webhook.secret_rotated'] }, bearer(demo.owner))
    assert.equal(made.status, 201)
    const { webhook } = await made.json()
    await withPage({ as: demo.staff }, async (page) => {
        await page.goto(`${origin}/jobs?kind=${delivering}`)
        await page.getByRole('button', { name: `Pause ${delivering}` }).click()
        await confirm(page, 'Pause')
        const panel = page.getByRole('region', { name: 'Jobs not done', exact: true }).first()
        const choose = async (field, option) => {
            await panel.getByRole('button', { name: field }).click()
            await page.getByRole('option', { name: option, exact: true }).click()
        }
        const inState = (name) => panel.getByRole('group', { name: 'State' }).getByRole('button', { name, exact: true }).click()
        try {
            await page.getByRole('button', { name: `Resume ${delivering}` }).waitFor()
            assert.equal((await sent(`/v1/webhooks/${webhook.id}/test`, undefined, bearer(demo.owner))).status, 202)
            const row = panel.getByRole('row', { name: new RegExp(`${delivering} Waiting Northside Media`) })
            await row.waitFor()
            await choose(/. Company$/, 'Lakeshore Outdoor')
            await row.waitFor({ state: 'detached' })
            await page.getByRole('button', { name: 'Clear search and filter' }).click()
            await page.goto(`${origin}/jobs?kind=${delivering}`)
            await choose(/. Company$/, 'Northside Media')
            await row.getByRole('link', { name: delivering }).click()
            // Whose request it follows from: the owner's program asked for it.
            await page.getByRole('dialog', { name: delivering }).getByText(/^key_[0-9a-z]{26}$/).waitFor()
            await page.getByRole('dialog', { name: delivering }).getByRole('button', { name: 'Cancel the job' }).click()
            await confirm(page, 'Cancel the job')
            await page.getByRole('dialog', { name: delivering }).getByRole('button', { name: 'Close' }).click()
            await inState('Cancelled')
            await panel.getByRole('row', { name: new RegExp(`${delivering} Cancelled Northside Media`) }).first().waitFor()
            await settle(page)
            await assertAccessible(page, 'jobs of a company')
            await shot(page, 'jobs-of-a-company', { fullPage: true })

            await inState('Discarded')
            await panel.getByRole('button', { name: 'Redrive these jobs' }).click()
            await page.getByText(`All discarded jobs of ${delivering} for Northside Media run again`, { exact: false }).waitFor()
            const asked = page.waitForRequest((request) => request.url().endsWith('/v1/jobs/redrive'))
            await confirm(page, 'Redrive')
            assert.equal((await asked).postDataJSON().state, 'discarded')

            await inState('Cancelled')
            await panel.getByRole('button', { name: 'Redrive these jobs' }).click()
            await shot(page, 'jobs-redrive')
            await confirm(page, 'Redrive')
            await page.getByText(/^[1-9]\d* jobs? runs? again/).waitFor()
            assert.equal(receiver.at(path).length, 0)
        } finally {
            // However the page stands: nothing is delivered any more while the kind is paused.
            assert.equal((await sent(`/v1/job-kinds/${delivering}/resume`, undefined, bearer(demo.staff))).status, 200)
        }
        await page.getByRole('button', { name: `Pause ${delivering}` }).waitFor()
        for (const end = Date.now() + 45_000; receiver.at(path).length === 0;) {
            assert.ok(Date.now() < end, 'what was brought back never ran')
            await new Promise((resolve) => setTimeout(resolve, 200))
        }
    })
})
