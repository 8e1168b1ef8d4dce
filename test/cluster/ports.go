// Free loopback ports, chosen so that nothing else is likely to take them before a component listens.
package main

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// Below the range the kernel hands out by itself, so that no outgoing connection can grab a chosen port.
const firstPort, lastPort = 20000, 31999

func freePorts(count int) ([]int, error) {
	ports := make([]int, 0, count)
	for attempt := 0; attempt < 200 && len(ports) < count; attempt++ {
		port := firstPort + rand.IntN(lastPort-firstPort+1)
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		// Held until all are chosen, or the same port could be drawn twice.
		defer listener.Close()
		ports = append(ports, port)
	}
	if len(ports) < count {
		return nil, fmt.Errorf("no free loopback port between %d and %d: stop other control planes", firstPort, lastPort)
	}
	return ports, nil
}
