/** The nth NHS number of the 999 range kept for tests: nine digits and the check digit of modulus 11. */
export function nhsNumberFrom(n: number): string {
  for (let candidate = n * 37 + 5000; ; candidate += 1) {
    const digits = `999${String(candidate).padStart(6, "0")}`;
    const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check !== 10) return `${digits}${check}`;
  }
}
