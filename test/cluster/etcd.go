// The store: one etcd member on a loopback port, tuned for state that nobody keeps.
package main

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/storage/wal"
)

func runEtcd() int {
	flags := flag.NewFlagSet("etcd", flag.ExitOnError)
	dir := flags.String("dir", "", "data directory")
	port := flags.Int("port", 0, "client port on 127.0.0.1")
	_ = flags.Parse(os.Args[1:])

	// Each segment is allocated in full; the default is 64 MB per control plane.
	wal.SegmentSizeBytes = 8 << 20
	config := embed.NewConfig()
	config.Dir = *dir
	config.UnsafeNoFsync = true
	config.LogLevel = "error"
	// A consistent LIST from the API server's cache waits for this notification.
	config.WatchProgressNotifyInterval = 5 * time.Second
	client := loopback(*port)
	config.ListenClientUrls, config.AdvertiseClientUrls = client, client
	config.ListenPeerUrls = loopback(0)

	member, err := embed.StartEtcd(config)
	if err != nil {
		fmt.Fprintln(os.Stderr, "etcd:", err)
		return 1
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case <-stop:
		member.Close()
		return 0
	case err := <-member.Err():
		fmt.Fprintln(os.Stderr, "etcd:", err)
		return 1
	}
}

func loopback(port int) []url.URL {
	return []url.URL{{Scheme: "http", Host: fmt.Sprintf("127.0.0.1:%d", port)}}
}
