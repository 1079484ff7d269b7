import { cleanup } from '@testing-library/react';

// React asks for this flag before it lets `act` flush effects.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

afterEach(cleanup);
