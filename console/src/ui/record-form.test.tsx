// @vitest-environment happy-dom
import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { Form, Input } from 'antd'
import { expect, test, vi } from 'vitest'
import { Refused } from '../api/client.ts'
import { initials } from './avatar.tsx'
import { RecordForm } from './record-form.tsx'

function show(save: (values: { name: string }) => Promise<unknown>, onSaved = vi.fn()) {
  render(
    <RecordForm<{ name: string }> initial={{ name: 'Lin' }} save={save} onSaved={onSaved}>
      <Form.Item name="name" rules={[{ required: true }]}>
        <Input />
      </Form.Item>
    </RecordForm>,
  )
  return onSaved
}
const submit = () => fireEvent.click(screen.getByRole('button', { name: 'Save' }))

test('what the server refuses is said in words, and what was typed stays', async () => {
  const onSaved = show(() => Promise.reject(new Refused(409, 'name_taken', '')))
  submit()
  expect(await screen.findByText('This name is already in use.')).toBeTruthy()
  expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('Lin')
  expect(onSaved).not.toHaveBeenCalled()
})

test('a field whose value was refused is marked', async () => {
  show(() =>
    Promise.reject(new Refused(422, 'invalid_request', '', [{ path: 'body.name', code: 'too_small' }])),
  )
  submit()
  expect(await screen.findByText('This was not accepted')).toBeTruthy()
  expect(screen.getByRole('textbox').getAttribute('aria-invalid')).toBe('true')
})

test('a code without a translation is shown, so that somebody can look it up', async () => {
  show(() => Promise.reject(new Refused(422, 'moon_in_the_wrong_phase', '')))
  submit()
  expect(await screen.findByText(/moon_in_the_wrong_phase/)).toBeTruthy()
})

test('what is saved is told', async () => {
  const onSaved = show(() => Promise.resolve())
  submit()
  await waitFor(() => expect(onSaved).toHaveBeenCalledOnce())
})

test.each([
  ['Anneliese Krüger', 'AK'],
  ['王晓雯', '王'],
  ['田中 美咲', '田'],
  ['عبد الله', 'ع'],
  ['  cher ', 'C'],
  ['', '·'],
  ['👩‍🚀 Astro', '👩A'],
])('the initials of %s are %s', (name, expected) => {
  expect(initials(name)).toBe(expected)
})
